import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HttpReply, HttpRequest } from '../../lib/model/probe.ts';
import { PLAIN_TLS, type ScriptConnection } from './script-access.ts';

/** What a real engine answered (test/engines/README.md has the format of the files). */
export interface Recording {
  readonly probe: string;
  /** The file name without its ending. */
  readonly name: string;
  /** What was written, as hex. */
  readonly sent: readonly string[];
  readonly connection: ScriptConnection;
}

const folder = (path: string): string => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));

/** Every recording of one stream probe, by name. */
export function recordings(probe: string): readonly Recording[] {
  const files = readdirSync(folder('wire')).includes(probe) ? readdirSync(folder(`wire/${probe}`)).sort() : [];
  return files.map((file) => {
    const lines = readFileSync(folder(`wire/${probe}/${file}`), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    return { probe, name: file.replace(/\.hex$/u, ''), ...parse(lines) };
  });
}

function parse(lines: readonly string[]): Pick<Recording, 'sent' | 'connection'> {
  const sent: string[] = [];
  const replies: Buffer[] = [Buffer.alloc(0)];
  let end: 'closed' | 'reset' | 'timeout' = 'timeout';
  let wantsCertificate = false;
  for (const line of lines) {
    const text = line.slice(2);
    if (line.startsWith('> ')) {
      sent.push(text);
      replies.push(Buffer.alloc(0));
    } else if (line.startsWith('< ')) {
      replies.push(Buffer.concat([replies.pop() ?? Buffer.alloc(0), Buffer.from(text, 'hex')]));
    } else if (line.startsWith('x ')) {
      end = text === 'end' ? 'closed' : 'reset';
      wantsCertificate = text.includes('CERTIFICATE_REQUIRED');
    } else if (!line.startsWith('~ ')) throw new Error(`not a line of a recording: ${line}`);
  }
  const transport = lines[0]?.startsWith('~ ') === true ? 'tls' : 'plain';
  return { sent, connection: { transport, replies, end, startTls: PLAIN_TLS, clientCertRequested: wantsCertificate } };
}

/** One recorded or, where no server can be had, written-down site: every reply to every request a probe may send. */
export interface SiteRecording {
  readonly name: string;
  readonly tls: boolean;
  /** Where the server listened, if not on the probe's default port. */
  readonly port?: number;
  /** What a stranger must find there. */
  readonly expect?: { readonly auth: string; readonly rule: string };
  readonly reply: (request: HttpRequest) => Omit<HttpReply, 'scheme'> | undefined;
  readonly replies: readonly Omit<HttpReply, 'scheme'>[];
}

interface SiteFile {
  readonly tls: boolean;
  readonly port?: number;
  readonly expect?: { readonly auth: string; readonly rule: string };
  readonly exchanges: readonly {
    /** `GET /path` or `POST /path`. */
    readonly request: string;
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  }[];
}

/** Every recording of one HTTP probe's servers, by name. */
export function siteRecordings(probe: string): readonly SiteRecording[] {
  const files = readdirSync(folder('http')).includes(probe) ? readdirSync(folder(`http/${probe}`)).sort() : [];
  return files.map((file) => {
    const site = JSON.parse(readFileSync(folder(`http/${probe}/${file}`), 'utf8')) as SiteFile;
    const seen = { truncated: false, tls: site.tls ? PLAIN_TLS : undefined, clientCertRequested: false };
    const byRequest = new Map(
      site.exchanges.map(({ request, status, headers, body }) => {
        const named = Object.fromEntries(headers.map(([key, value]) => [key.toLowerCase(), value]));
        return [request, { status, headers: named, body: Buffer.from(body), ...seen }];
      }),
    );
    return {
      name: file.replace(/\.json$/u, ''),
      tls: site.tls,
      ...(site.port === undefined ? {} : { port: site.port }),
      ...(site.expect === undefined ? {} : { expect: site.expect }),
      reply: ({ path, post }) => byRequest.get(`${post === undefined ? 'GET' : 'POST'} ${path}`),
      replies: [...byRequest.values()],
    };
  });
}
