/** Peers that never get as far as a protocol (evidence-and-alerts.md section 5.5 "Transport", probes.md sections 0 and 5). */
import { randomBytes } from 'node:crypto';
import { hex } from '../support/bytes.ts';
import { type HostileServer, table, text } from './server.ts';

const KB64 = 64 * 1024;
const ZEROS = Buffer.alloc(KB64);
const ONES = Buffer.alloc(KB64, 0xff);
const LETTERS = Buffer.alloc(KB64, 'A');
const LINES = Buffer.alloc(KB64, '\r\n');
const NOISE = randomBytes(KB64);

const SILENCES = table('transport', 'E5.5 accept then silence; P0 l4', [
  { name: 'accepts and says nothing', serve: () => undefined },
  { name: 'never reads', serve: ({ socket }) => void socket.pause() },
  { name: 'says nothing and keeps its side open', halfOpen: true, serve: () => undefined },
  { name: 'one byte, then nothing', serve: ({ say }) => say('\u0000') },
  { name: 'one byte when asked, then nothing', serve: ({ asked, say }) => asked(() => say('+')) },
  { name: 'half a line, then nothing', serve: ({ say }) => say('+OK') },
  {
    name: 'answers the first connection only',
    serve: ({ nth, say, end }) => (nth % 2 === 0 ? (say('x'), end()) : undefined),
  },
]);

const ENDS = table('transport', 'E5.5 RST mid-handshake; P5 NLB without targets', [
  { name: 'closes at once', serve: ({ end }) => end() },
  { name: 'resets at once', serve: ({ reset }) => reset() },
  { name: 'closes when asked', serve: ({ asked, end }) => asked(() => end()) },
  { name: 'resets when asked', serve: ({ asked, reset }) => asked(() => reset()) },
  { name: 'closes after a while', serve: ({ after, end }) => after(100, end) },
  { name: 'one byte, then a reset', serve: ({ say, after, reset }) => (say('x'), after(20, reset)) },
  { name: 'closes its side and reads on', halfOpen: true, serve: ({ end }) => end() },
  {
    name: 'resets every second connection',
    serve: ({ nth, asked, reset, end }) => (nth % 2 === 0 ? reset() : asked(() => end())),
  },
  {
    name: 'a mebibyte, then a reset',
    serve: ({ say, after, reset }) => (say(Buffer.alloc(1_048_576, 'z')), after(200, reset)),
  },
]);

const DRIPS = table('transport', 'E5.5 slowloris 1 byte/5 s; P5 tarpit', [
  { name: 'a byte every five seconds', serve: ({ drip }) => drip(5_000, () => 'A') },
  { name: 'a byte every second', serve: ({ drip }) => drip(1_000, () => '+') },
  { name: 'a byte every 100 ms', serve: ({ drip }) => drip(100, () => 'A') },
  { name: 'a zero every 100 ms', serve: ({ drip }) => drip(100, () => '\u0000') },
  { name: 'a byte every 100 ms after each question', serve: ({ asked, drip }) => asked(() => drip(100, () => '$')) },
  { name: 'an empty line every 50 ms', serve: ({ drip }) => drip(50, () => '\r\n') },
  { name: 'endlessh', spec: 'P5 endlessh', serve: ({ drip }) => drip(400, (n) => `${(n * 2_654_435_761) % 1e9}\r\n`) },
]);

const FLOODS = table('transport', 'P0 tarpit: more than 64 KiB; E5.5 flood', [
  { name: 'zeros without end', serve: ({ flood }) => flood(() => ZEROS) },
  { name: 'ones without end', serve: ({ flood }) => flood(() => ONES) },
  { name: 'letters without end', serve: ({ flood }) => flood(() => LETTERS) },
  { name: 'line ends without end', serve: ({ flood }) => flood(() => LINES) },
  { name: 'noise without end', serve: ({ flood }) => flood(() => NOISE) },
  { name: 'single bytes without end', serve: ({ flood }) => flood(() => 'x') },
  { name: 'a flood after each question', serve: ({ asked, flood }) => asked(() => flood(() => LETTERS)) },
]);

const STRANGERS = table('transport', 'P5 something else answers', [
  { name: 'echo', spec: 'P5 catch-all', serve: ({ hear, say }) => hear((chunk) => say(chunk)) },
  { name: 'echo, twice as much', serve: ({ hear, say }) => hear((chunk) => (say(chunk), say(chunk))) },
  {
    name: 'echo in upper case',
    serve: ({ hear, say }) => hear((chunk) => say(chunk.toString('latin1').toUpperCase())),
  },
  { name: 'SSH', serve: ({ say }) => say('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n') },
  { name: 'SMTP', serve: ({ say, hear }) => (say('220 mx ESMTP\r\n'), hear(() => say('500 5.5.1 what\r\n'))) },
  { name: 'FTP', serve: ({ say, hear }) => (say('220 (vsFTPd 3.0.5)\r\n'), hear(() => say('530 Please login.\r\n'))) },
  { name: 'IMAP', serve: ({ say }) => say('* OK [CAPABILITY IMAP4rev1] ready\r\n') },
  {
    name: 'telnet that negotiates for ever',
    serve: ({ say, hear }) => (say(hex('fffd18 fffd20')), hear(() => say(hex('fffb01 fffd1f fffe22')))),
  },
  { name: 'VNC', serve: ({ say }) => say('RFB 003.008\n') },
  {
    name: 'a terminal that moves the cursor',
    spec: 'E6.4 ANSI, OSC 8',
    serve: ({ say }) => say(text('\u001b]8;;http://x\u0007+OK \u001b[2J\u202e\u0000\r\n')),
  },
]);

export const TRANSPORT: readonly HostileServer[] = [...SILENCES, ...ENDS, ...DRIPS, ...FLOODS, ...STRANGERS];
