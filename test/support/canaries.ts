/**
 * Secrets planted in what real servers answered: in each word of each reply, in headers, in fields that no server has. What a
 * stranger's reply holds must not come out anywhere (promise I6), so whatever holds `PLANTED` afterwards has leaked.
 */
import type { HttpReply, Probe, ProbeAccess } from '../../lib/model/probe.ts';
import { PeerError } from '../../lib/model/errors.ts';
import { recordings, type SiteRecording, siteRecordings } from './recordings.ts';
import { scriptAccess, type ScriptConnection } from './script-access.ts';

/** Long enough to be known again when cut or shortened in the middle, short enough to fit the words of a reply. */
const LENGTH = 8;
/** As it is, in hex, and in base64 whatever stands before it. */
export const PLANTED = /cnry[0-9]{4}|636e7279|434e5259|Q05SW|NOUl|DTlJZ/iu;

export function canary(index: number): string {
  return `CNRY${String(index % 10_000).padStart(4, '0')}`;
}

type Page = Omit<HttpReply, 'scheme'>;
/** One peer with a secret somewhere. */
export interface Planted {
  readonly where: string;
  readonly access: ProbeAccess;
  readonly port: number;
  readonly tls: boolean;
  /** Of a stream: what it says, for whoever serves it. A site is asked through `access`. */
  readonly connection?: ScriptConnection;
}

/** `count` peers: every word of every recorded reply in turn, then at another offset of it. */
export function plantedPeers(probe: Probe, count: number): readonly Planted[] {
  const spots = [
    ...(probe.speaks === 'http' ? [] : streamSpots(probe)),
    ...(probe.speaks === 'stream' ? [] : siteSpots(probe)),
  ];
  if (spots.length === 0) throw new Error(`${probe.id} has no recording to plant in`);
  return Array.from({ length: count }, (_, i) => {
    const spot = spots[i % spots.length];
    if (spot === undefined) throw new Error('no spot');
    return spot(canary(i), Math.floor(i / spots.length));
  });
}

type Spot = (word: string, round: number) => Planted;

/** Of printable text, where a length may stand before it: overwritten, so that the reply stays as long as it was. */
function wordsOf(bytes: Uint8Array): readonly { readonly at: number; readonly length: number }[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/[\w.:/@=+-]{8,}/gu)].map((match) => ({ at: match.index, length: match[0].length }));
}

function overwritten(
  bytes: Uint8Array,
  { at, length }: { readonly at: number; readonly length: number },
  word: string,
  round: number,
): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(word, at + (round % (length - LENGTH + 1)), 'latin1');
  return copy;
}

function streamSpots(probe: Probe): readonly Spot[] {
  const port = probe.streamPorts?.[0] ?? probe.defaultPort;
  return recordings(probe.id).flatMap(({ name, connection }) =>
    connection.replies.flatMap((reply, n) => {
      const at = (where: string, change: (word: string, round: number) => Uint8Array): Spot => {
        return (word, round) => {
          const peer: ScriptConnection = { ...connection, replies: connection.replies.with(n, change(word, round)) };
          const connections = [peer, peer, peer, peer];
          const tls = connection.transport === 'tls';
          return {
            where: `${name}, reply ${n}, ${where}`,
            access: scriptAccess({ connections }),
            ...{ port, tls, connection: peer },
          };
        };
      };
      const words = wordsOf(reply).map((found) =>
        at(`byte ${found.at}`, (word, round) => overwritten(reply, found, word, round)),
      );
      return [...words, at('behind it', (word) => Buffer.concat([reply, Buffer.from(`${word}\r\n`)]))];
    }),
  );
}

function siteSpots(probe: Probe): readonly Spot[] {
  return siteRecordings(probe.id).flatMap((site) =>
    site.replies.flatMap((page, n) => {
      const at = (where: string, change: (word: string, round: number) => Page): Spot => {
        return (word, round) => ({
          where: `${site.name}, page ${n}, ${where}`,
          access: siteWith(site, page, change(word, round)),
          port: site.port ?? probe.defaultPort,
          tls: site.tls,
        });
      };
      const words = wordsOf(page.body).map((found) =>
        at(`byte ${found.at}`, (word, round) => ({ ...page, body: overwritten(page.body, found, word, round) })),
      );
      const headers = Object.keys(page.headers).map((name) =>
        at(`header ${name}`, (word) => ({ ...page, headers: { ...page.headers, [name]: word } })),
      );
      return [...words, ...headers, ...EXTRA.map(([where, change]) => at(where, (word) => change(page, word)))];
    }),
  );
}

/** What a server may say beyond what was recorded. */
const EXTRA: readonly (readonly [string, (page: Page, word: string) => Page])[] = [
  ['a cookie', (page, word) => ({ ...page, headers: { ...page.headers, 'set-cookie': `session=${word}` } })],
  ['a header of its own', (page, word) => ({ ...page, headers: { ...page.headers, [`x-${word}`]: word } })],
  [
    'the realm',
    (page, word) => ({ ...page, headers: { ...page.headers, 'www-authenticate': `Basic realm="${word}"` } }),
  ],
  ['the server', (page, word) => ({ ...page, headers: { ...page.headers, server: word } })],
  ['an error in its place', (page, word) => ({ ...page, status: 500, body: Buffer.from(`{"error":"${word}"}`) })],
  ['a field of its own', (page, word) => ({ ...page, body: withField(page.body, word) })],
];

/** In the first object of the page; a page that has none begins with it. */
function withField(body: Buffer, word: string): Buffer {
  const text = body.toString('latin1');
  const at = text.indexOf('{') + 1;
  const field = `"password":"${word}"${/^\s*\}/u.test(text.slice(at)) ? '' : ','}`;
  return Buffer.from(text.slice(0, at) + field + text.slice(at), 'latin1');
}

function siteWith(site: SiteRecording, page: Page, planted: Page): ProbeAccess {
  return {
    ...scriptAccess({}),
    async request(request) {
      if ((request.scheme === 'https') !== site.tls) throw new PeerError('tls', 'plaintext', 'speaks the other one');
      const found = site.reply(request) ?? { ...page, status: 404, headers: {}, body: Buffer.from('not found') };
      return { ...(found === page ? planted : found), scheme: request.scheme };
    },
  };
}
