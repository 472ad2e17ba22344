/**
 * What every HTTP probe does alike (probes.md section 1): TLS first, plaintext where the port does not speak it; the
 * negative control before anything is called open; how the TLS axis and a secret in the clear are read. Each request is
 * a connection of its own, so what a probe may ask is its `maxConnections` less one for the TLS attempt.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, Metadata, ProbeAnswer, ProofLevel, ProtoAxis, TlsAxis } from '../model/observation.ts';
import type { HttpReply, HttpRequest, ProbeAccess } from '../model/probe.ts';
import { silentAxes, SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { clientCertDemanded } from '../model/tls-attempt.ts';
import { demandsCertificate, type FrontRow, isCatchAll, readFront } from '../wire/http-front.ts';

export type Asked = Omit<HttpRequest, 'scheme'>;

/** A port that answered HTTP: its first reply, and how to ask for more in the same scheme. */
export interface Site {
  readonly first: HttpReply;
  /** A peer's failure is a value: what it takes from the verdict is the probe's to say. A cancelled visit throws. */
  readonly ask: (path: `/${string}`, more?: Omit<Asked, 'path'>) => Promise<HttpReply | PeerError>;
}

/** A verdict in the making. `rule` is without the probe's prefix and one of its `rules`. */
export interface Finding {
  readonly rule: string;
  readonly proto: ProtoAxis;
  readonly auth: AuthState;
  readonly proof: ProofLevel;
  readonly notes?: readonly string[];
  readonly metadata?: Metadata;
}

/** Rules that `enterSite`, `inFrontOf` and `unlessCatchAll` name for any HTTP probe, those of silence among them. */
export const HTTP_RULES: Readonly<Record<string, string>> = {
  ...SILENT_RULES,
  waf: 'a web application firewall answered in its place; nothing was tried to get past it',
  redirect: 'answered with a redirect, which is never followed',
  'proxy-auth': 'something in front asks for credentials before the product shows',
  'generic-http': 'some web server, without the marks of the product',
  'catch-all': 'a path that cannot exist is answered like the real one: no verdict on anything behind it',
  'control-unanswered': 'the negative control got no answer, so nothing is called open',
  'not-http': 'answered with something that is no HTTP',
};

/** Asks the first question, TLS first. A finished answer comes back where the port says nothing in HTTP. */
export async function enterSite(access: ProbeAccess, id: string, first: Asked): Promise<Site | ProbeAnswer> {
  const reply = await firstReply(access, id, first);
  if ('l4' in reply) return reply;
  return {
    first: reply,
    ask: (path, more = {}) => attempt(access, { scheme: reply.scheme, path, ...more }),
  };
}

/**
 * The visit of most: one question whose reply bears marks of the product (`read`; undefined where it bears none), and
 * where it does, what follows from them (`judge`). The first reply speaks for the port.
 */
export async function visitByMarks<Marks>(
  access: ProbeAccess,
  id: string,
  first: Asked,
  read: (reply: HttpReply) => Marks | undefined,
  judge: (site: Site, marks: Marks) => Promise<Finding>,
): Promise<ProbeAnswer> {
  const site = await enterSite(access, id, first);
  if ('l4' in site) return site;
  const marks = read(site.first);
  return concluded(id, site.first, marks === undefined ? inFrontOf(site.first) : await judge(site, marks));
}

async function firstReply(access: ProbeAccess, id: string, first: Asked): Promise<HttpReply | ProbeAnswer> {
  const secure = await attempt(access, { scheme: 'https', ...first });
  if (!(secure instanceof PeerError)) {
    const { facts } = tlsOf(secure);
    return demandsCertificate(secure)
      ? clientCertDemanded(id, { state: 'implicit', ...(facts === undefined ? {} : { facts }) })
      : secure;
  }
  if (secure.stage === 'connect') throw secure; // the pipeline reads refused and silent
  if (secure.reason === 'client-cert') return clientCertDemanded(id, { state: 'implicit' });
  if (secure.stage !== 'tls') return unanswered(secure, 'https', id);
  // After silence too: a server that reads lines waits for the end of one, and some hellos hold none (decision 0023).
  const plain = await attempt(access, { scheme: 'http', ...first });
  const isDoubtful = !(plain instanceof PeerError) && secure.reason === 'timeout' && plain.status === 400;
  if (isDoubtful) return unanswered(secure, 'https', id); // a TLS server that is slow says so as well
  if (!(plain instanceof PeerError)) return plain;
  const silent = unanswered(plain.stage === 'connect' ? secure : plain, 'http', id);
  return { ...silent, notes: [`TLS: ${printable(secure.message)}`, `plaintext: ${printable(plain.message)}`] };
}

function unanswered(error: PeerError, scheme: 'http' | 'https', id: string): ProbeAnswer {
  const silent = silentAxes(error, 0, id);
  const tls: TlsAxis = { state: 'implicit', clientCert: 'undetermined' };
  const axes = scheme === 'https' && error.stage === 'protocol' ? { ...silent, tls } : silent;
  if (error.reason !== 'malformed') return axes;
  return { ...axes, proto: { state: 'other', confidence: 'none' }, rule: `${id}/not-http` };
}

async function attempt(access: ProbeAccess, request: HttpRequest): Promise<HttpReply | PeerError> {
  try {
    return await access.request(request);
  } catch (error) {
    if (error instanceof PeerError && error.reason !== 'cancelled') return error;
    throw error;
  }
}

const FRONTS: Readonly<Record<FrontRow, { readonly auth: AuthState; readonly proof: ProofLevel }>> = {
  'proxy-auth': { auth: 'auth-required', proof: 1 },
  waf: { auth: 'undetermined', proof: 0 },
  redirect: { auth: 'undetermined', proof: 0 },
  'generic-http': { auth: 'undetermined', proof: 0 },
};

/** The verdict on a reply without a mark of the product. */
export function inFrontOf(reply: HttpReply): Finding {
  const { row, notes } = readFront(reply);
  return { rule: row, proto: { state: 'generic-http', confidence: 'tentative' }, ...FRONTS[row], notes };
}

/**
 * `open` stands only where a path that cannot exist is answered otherwise than `positive` was. Without an answer to that
 * control what was known before stands: recognised, and not shown to be open.
 */
export async function unlessCatchAll(site: Site, nonce: string, positive: HttpReply, open: Finding): Promise<Finding> {
  const control = await site.ask(`/.exposure-probe/${nonce}`);
  if (control instanceof PeerError) {
    const notes = [printable(`control: ${control.message}`)];
    return { rule: 'control-unanswered', proto: open.proto, auth: 'undetermined', proof: 1, notes };
  }
  if (!isCatchAll(control, positive)) return open;
  const proto: ProtoAxis = { state: 'generic-http', confidence: 'tentative' };
  return { rule: 'catch-all', proto, auth: 'undetermined', proof: 0 };
}

/** The whole answer. `reply` is the one whose scheme, handshake and challenge speak for the port. */
export function concluded(id: string, reply: HttpReply, finding: Finding): ProbeAnswer {
  const { rule, proto, auth, proof, notes = [], metadata } = finding;
  // A secret in one of these schemes is sent as it is, so without TLS it crosses the wire in the clear.
  const isWeak =
    auth === 'auth-required' &&
    reply.scheme === 'http' &&
    /\b(?:basic|apikey|bearer)\b/iu.test(reply.headers['www-authenticate'] ?? '');
  return {
    l4: 'open',
    proto,
    tls: tlsOf(reply),
    auth: isWeak ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: auth },
    proof,
    rule: `${id}/${rule}`,
    notes,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function tlsOf({ scheme, tls, clientCertRequested }: HttpReply): TlsAxis {
  if (scheme === 'http') return { state: 'absent', clientCert: 'no' };
  const clientCert = clientCertRequested ? 'requested' : 'no';
  return { state: 'implicit', ...(tls === undefined ? {} : { facts: tls }), clientCert };
}

/** Two independent marks are firm, one is tentative (probes.md section 1, rule 8). `version` is escaped and cut here. */
export function recognised(markers: number, product: string, version = ''): ProtoAxis {
  return {
    state: 'match',
    confidence: markers >= 2 ? 'firm' : 'tentative',
    product,
    ...(version === '' ? {} : { version: printable(version, 40) }),
  };
}
