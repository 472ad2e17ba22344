/** A sink's settings with the secrets that they point at, which are in no error. On one machine they are read once, at the start. */
import { readFileSync } from 'node:fs';
import { AjarError } from '../model/errors.ts';
import { type LocalPlace, type SinkEntry, sinkId } from '../model/sink-entry.ts';

/** No key or address is longer. */
const MAX_SECRET = 4_096;

/** A sink with all that it needs. */
export type SinkSettings = { readonly id: string } & (
  | { readonly type: 'slack' | 'teams'; readonly url: string }
  | { readonly type: 'pagerduty'; readonly key: string; readonly region: 'us' | 'eu' }
  | { readonly type: 'eventbridge'; readonly bus: string }
  | { readonly type: 'securityhub'; readonly role?: string; readonly externalId?: string }
  | {
      readonly type: 'webhook';
      readonly url: string;
      readonly secret?: string;
      readonly format: 'notice' | 'asff';
    }
);

type Environment = Readonly<Record<string, string | undefined>>;

/** What is there, and what to call that place where it cannot be used. */
export interface Secret {
  readonly text: string;
  readonly where: string;
}

/** From this machine. Throws AjarError `bad-input` where a secret is absent, empty or of another form than its sink needs. */
export function sinkSettings(entry: SinkEntry<LocalPlace>, environment: Environment): SinkSettings {
  return settingsOf(entry, (place) =>
    'env' in place
      ? { where: `environment variable ${place.env}`, text: environment[place.env] ?? '' }
      : { where: `file ${place.file}`, text: fileAt(place.file, sinkId(entry)) },
  );
}

/** Throws as `sinkSettings` does. */
export function settingsOf<Place>(entry: SinkEntry<Place>, read: (place: Place) => Secret): SinkSettings {
  const id = sinkId(entry);
  const secret = (place: Place): string => checked(read(place), id);
  switch (entry.type) {
    case 'slack':
    case 'teams':
      return { id, type: entry.type, url: addressOf(secret(entry.url), id) };
    case 'pagerduty':
      return { id, type: entry.type, region: entry.region, key: keyOf(secret(entry.key), id) };
    case 'eventbridge':
      return { id, type: entry.type, bus: entry.bus };
    case 'securityhub': {
      const { type, role, externalId } = entry;
      return { id, type, ...(role === undefined ? {} : { role }), ...(externalId === undefined ? {} : { externalId }) };
    }
    case 'webhook': {
      const signed = entry.secret === undefined ? {} : { secret: secret(entry.secret) };
      return { id, type: entry.type, format: entry.format, url: addressOf(secret(entry.url), id), ...signed };
    }
  }
}

function checked({ text: found, where }: Secret, id: string): string {
  const text = found.trim();
  if (text === '') throw wrong(`${id}: ${where} is empty`, 'put the secret there, or remove this sink');
  // What it is stays unsaid.
  if (text.length > MAX_SECRET || /[^\x21-\x7e]/.test(text)) {
    throw wrong(`${id}: ${where} does not hold one line of printable ASCII without blanks`);
  }
  return text;
}

function fileAt(path: string, id: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw wrong(`${id}: file ${path} cannot be read (${code})`);
  }
}

/** Loopback may be in clear: a relay beside us. */
function addressOf(text: string, id: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isNear = url?.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== 'https:' && !isNear) throw wrong(`${id}: its address is not an https URL`);
  return text;
}

function keyOf(text: string, id: string): string {
  if (!/^[A-Za-z0-9]{32}$/.test(text)) {
    throw wrong(`${id}: its key is not the 32 letters and digits of an Events API v2 integration`);
  }
  return text;
}

function wrong(message: string, cure?: string): AjarError {
  return new AjarError('bad-input', `sinks: ${message}`, cure === undefined ? {} : { cure });
}
