import type { Endpoint } from '../../lib/model/endpoint.ts';
import { PeerError } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { HttpReply, HttpRequest, MetadataLevel, Probe } from '../../lib/model/probe.ts';
import { type SiteRecording, siteRecordings } from './recordings.ts';
import { scriptAccess } from './script-access.ts';

export const NONCE = '0123456789abcdef';
export const CONTROL = `/.exposure-probe/${NONCE}`;

type Page = Omit<HttpReply, 'scheme'>;

export interface SiteVisit {
  readonly answer: ProbeAnswer;
  /** `https GET /path`, one a request; a POST with its body behind. */
  readonly asked: readonly string[];
}

export function siteRecording(probe: Probe, name: string): SiteRecording {
  const found = siteRecordings(probe.id).find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no recording ${name} of ${probe.id}`);
  return found;
}

/** A page as a test writes it down. */
export function page(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Page {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text), truncated: false, tls: undefined, clientCertRequested: false };
}

/** One visit to a recorded site; `change` may answer a request in its place. A path it does not know is a 404. */
export async function visitRecorded(
  probe: Probe,
  name: string,
  metadata: MetadataLevel = 1,
  change: (request: HttpRequest) => Page | PeerError | undefined = () => undefined,
): Promise<SiteVisit> {
  const { tls, reply } = siteRecording(probe, name);
  const known = (request: HttpRequest) => change(request) ?? reply(request) ?? page('not found', 404);
  return visitSite(probe, (request) => ((request.scheme === 'https') === tls ? known(request) : undefined), metadata);
}

/** One visit to a site given as a function; undefined where the port does not speak this scheme. */
export async function visitSite(
  probe: Probe,
  site: (request: HttpRequest) => Page | PeerError | undefined,
  metadata: MetadataLevel = 1,
  endpoint: Partial<Endpoint> = {},
): Promise<SiteVisit> {
  const asked: string[] = [];
  const access = {
    ...scriptAccess({}),
    async request(request: HttpRequest): Promise<HttpReply> {
      const { scheme, path, post } = request;
      asked.push(`${scheme} ${post === undefined ? `GET ${path}` : `POST ${path} ${post.body}`}`);
      const found = site(request) ?? new PeerError('tls', 'plaintext', 'speaks the other one');
      if (found instanceof PeerError) throw found;
      return { ...found, scheme };
    },
  };
  const { id, engines, defaultPort: port } = probe;
  const engine = engines[0] ?? 'http';
  const at: Endpoint = {
    id,
    host: 'db.example.org',
    port,
    engine,
    source: 'file',
    tags: {},
    declared: {},
    ...endpoint,
  };
  return { answer: await probe.visit(access, at, { metadata, nonce: NONCE }), asked };
}
