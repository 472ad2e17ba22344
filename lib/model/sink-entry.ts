/** A sink as a settings file names it (sink-file.ts): of which kind, under which name, and where its secrets are. */
import { ESCALATION } from './sink.ts';

/** On one machine: a variable of the environment, or a file. */
export type LocalPlace = { readonly env: string } | { readonly file: string };
/** On AWS: a secret of Secrets Manager, by its ARN; `field` where it is a JSON object. */
export interface AwsPlace {
  readonly secret: string;
  readonly field?: string | undefined;
}

interface Named {
  readonly name?: string | undefined;
  readonly escalation: boolean;
}
/** Findings are imported in the account that they are of: by this role, where that is not ajar's own. */
interface SecurityHubEntry {
  readonly type: 'securityhub';
  readonly role?: string | undefined;
  readonly externalId?: string | undefined;
}
/** A sink, and where its secrets are. */
export type SinkEntry<Place> = Named &
  (
    | { readonly type: 'slack' | 'teams'; readonly url: Place }
    | { readonly type: 'pagerduty'; readonly key: Place; readonly region: 'us' | 'eu' }
    | { readonly type: 'eventbridge'; readonly bus: string }
    | SecurityHubEntry
    | {
        readonly type: 'webhook';
        readonly url: Place;
        readonly secret?: Place | undefined;
        readonly format: 'notice' | 'asff';
      }
  );

/** `slack`, or `slack:ops` where it has a name: the same after its secret was changed. */
export function sinkId(entry: Named & { readonly type: string }): string {
  const id = entry.name === undefined ? entry.type : `${entry.type}:${entry.name}`;
  return entry.escalation ? `${ESCALATION}${id}` : id;
}

/** Where the secrets of an entry are, each once. */
export function placesOf<Place>(entry: SinkEntry<Place>): readonly Place[] {
  switch (entry.type) {
    case 'slack':
    case 'teams':
      return [entry.url];
    case 'pagerduty':
      return [entry.key];
    case 'eventbridge':
    case 'securityhub':
      return [];
    case 'webhook':
      return [entry.url, ...(entry.secret === undefined ? [] : [entry.secret])];
  }
}
