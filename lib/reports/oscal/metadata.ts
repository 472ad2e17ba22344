/** What every OSCAL document of a report carries: its head, its tool, the people it names, and the evidence it rests on. */
import type { Report } from '../../model/report.ts';
import { line, partyOf, prose, props, TOOL, uuidOf } from './names.ts';

export type OscalVersion = '1.1.3' | '1.2.1';

/** The instant of the newest evidence: a document has no clock of its own. */
export function writtenAt({ ledger, period }: Report): string {
  return ledger.headAt ?? period.to;
}

export function metadata(report: Report, version: OscalVersion, what: string): object {
  const names = peopleOf(report);
  return {
    title: `${what} of ajar, ${report.period.from} to ${report.period.to}`,
    'last-modified': writtenAt(report),
    version: line(report.id),
    'oscal-version': version,
    props: props({ 'report-id': report.id, 'tool-version': report.tool.version }),
    parties: orAbsent(names.map((name) => ({ uuid: partyOf(name), type: 'person', name: line(name) }))),
  };
}

/** Everybody who allowed or did something that the documents tell of, by name. */
function peopleOf({ incidents, evidence }: Report): readonly string[] {
  const approvers = evidence.exceptions.flatMap(({ approvedBy }) => approvedBy);
  const handlers = incidents.flatMap(({ handling }) => {
    const { acked, assigned, aware, notes = [] } = handling ?? {};
    return [acked?.by, assigned?.by, aware?.by, ...notes.map(({ by }) => by)];
  });
  const actors = evidence.changes.map(({ by }) => by);
  const given = [...approvers, ...handlers, ...actors].filter((name) => name !== undefined);
  return [...new Set(given)].sort();
}

export function tool({ tool: { name, version } }: Report): object {
  return {
    uuid: TOOL,
    type: 'software',
    title: name,
    description: 'Looks at data endpoints from outside and at their configuration, and keeps what it saw.',
    props: [{ name: 'version', value: line(version) }],
    status: { state: 'operational' },
  };
}

export function assets(): object {
  const platform = { uuid: uuidOf('platform', 'ajar'), title: 'ajar', 'uses-components': [{ 'component-uuid': TOOL }] };
  return { 'assessment-platforms': [platform] };
}

export const PLAN_RESOURCE = uuidOf('resource', 'assessment-plan');
export const SSP_RESOURCE = uuidOf('resource', 'system-security-plan');
export const LEDGER_RESOURCE = uuidOf('resource', 'ledger');
const ALLOWLIST_RESOURCE = uuidOf('resource', 'allowlist');

/** The evidence, each with the digest that the record has of it. */
export function resources(report: Report): readonly object[] {
  const { ledger, allowlist, evidence } = report;
  const { frameworks } = evidence.mapping;
  return [
    {
      uuid: LEDGER_RESOURCE,
      title: 'Evidence ledger',
      description: `Entries ${ledger.firstSeq} to ${ledger.lastSeq}. The digest is that of the newest entry, which chains all before it.`,
      rlinks: [{ href: `urn:ajar:ledger:${ledger.firstSeq}-${ledger.lastSeq}`, ...hashed(ledger.headHash) }],
    },
    {
      uuid: ALLOWLIST_RESOURCE,
      title: 'Allowlist',
      description: prose(`What was allowed, as the report read it: ${allowlist.file}`),
      rlinks: [{ href: `urn:ajar:allowlist:${allowlist.entries}`, ...hashed(allowlist.digest) }],
    },
    ...frameworks.map(({ id, title, version, source, verified }) => ({
      uuid: uuidOf('resource', 'framework', id),
      title: line(`${title} ${version}`),
      description: prose(`Ids from: ${source}${verified ? '' : ' (not checked against the publisher)'}`),
      citation: { text: line(`${title} ${version}`) },
    })),
  ];
}

function hashed(digest: string): object {
  return /^[0-9a-f]{64}$/.test(digest) ? { hashes: [{ algorithm: 'SHA-256', value: digest }] } : {};
}

export function orAbsent<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}
