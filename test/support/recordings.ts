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

/** Every recording of a real search engine, as the `http` of a script. */
export function searchRecordings(): readonly {
  readonly name: string;
  readonly tls: boolean;
  readonly reply: (request: HttpRequest) => Omit<HttpReply, 'scheme'> | undefined;
}[] {
  return readdirSync(folder('http/elasticsearch'))
    .sort()
    .map((file) => {
      const { tls, exchanges } = JSON.parse(readFileSync(folder(`http/elasticsearch/${file}`), 'utf8')) as {
        tls: boolean;
        exchanges: { request: string; status: number; headers: [string, string][]; body: string }[];
      };
      const reply = ({ path }: HttpRequest): Omit<HttpReply, 'scheme'> | undefined => {
        const found = exchanges.find(({ request }) => request === `GET ${path}`);
        if (found === undefined) return undefined;
        const headers = Object.fromEntries(found.headers.map(([key, value]) => [key.toLowerCase(), value]));
        const seen = { truncated: false, tls: tls ? PLAIN_TLS : undefined, clientCertRequested: false };
        return { status: found.status, headers, body: Buffer.from(found.body), ...seen };
      };
      return { name: file.replace(/\.json$/u, ''), tls, reply };
    });
}
