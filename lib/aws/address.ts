/** Addresses as AWS writes them: `https://host/path`, `amqp+ssl://host:5671`, `host:9094`, or a host alone. */

export interface Address {
  readonly host: string;
  readonly port: number;
}

const MAX_ADDRESS_CHARS = 2_048;
/** Names only, and addresses of IPv4: what else a string holds is no door of ours. */
const HOST = /^[a-z0-9](?:[a-z0-9_.-]{0,251}[a-z0-9])?\.?$/i;

/** Undefined where the text is none. `port` stands in where the text names no port. */
export function addressOf(text: string | undefined, port: number): Address | undefined {
  if (text === undefined || text.length > MAX_ADDRESS_CHARS) return undefined;
  const url = URL.parse(text.includes('://') ? text : `tcp://${text}`);
  if (url === null || !HOST.test(url.hostname)) return undefined;
  // A URL drops the port that its scheme implies: 443 of `https` and `wss`.
  const named = url.port === '' ? port : Number(url.port);
  return { host: url.hostname, port: named };
}
