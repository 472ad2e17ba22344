/**
 * RethinkDB (probes.md section 4.12): its drivers' port, and the web interface on any other.
 * Drivers: the first four bytes of the handshake. The answer tells the version, and comes before any login: it proves
 * nothing. What would follow is a login, as `admin` without a password by default, so that is where we stop.
 * Web interface, TLS first: `GET /`, `GET /ajax/me`, a path that cannot exist. It has no authentication of its own and
 * acts as `admin`: answered, it is an open door. Names of tables would take a query, so none are told.
 * Never sent: an authentication message, /ajax/reql.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { recognised } from '../talk/http.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import * as wire from '../wire/rethinkdb.ts';

const ID = 'rethinkdb';
const STREAM_PORTS: readonly number[] = [28_015];

const INTERFACE: Listing = {
  id: ID,
  product: 'RethinkDB',
  kind: 'database',
  welcome: { path: '/', accept: 'text/html', read: wire.readInterface },
  list: { path: '/ajax/me' },
  read: wire.readMe,
};

export const rethinkdb: Probe = {
  id: ID,
  speaks: 'both',
  streamPorts: STREAM_PORTS,
  sends: [
    { what: 'handshake, V1_0', hex: 'c3bdc234', why: 'drivers: version; answered before any login' },
    { what: 'GET /', why: 'web interface: product' },
    { what: 'GET /ajax/me', why: 'web interface: the proof, the id of its server' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'the web interface acts as administrator for anyone',
    handshake: 'answers drivers; whether its administrator has a password shows only to a login',
    'old-version': 'RethinkDB before 2.3; whether it asks for a key shows only to a login',
  },
  engines: ['rethinkdb'],
  defaultPort: 8080,
  maxConnections: 4,
  deadlineMs: 15_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (STREAM_PORTS.includes(port)) return asDriver(access);
  const answer = await visitListing(access, options, INTERFACE);
  return answer.rule === `${ID}/not-http` ? asDriver(access) : answer;
}

interface Heard extends Ended {
  handshake?: wire.Handshake;
}

async function asDriver(access: ProbeAccess): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: ID,
    converse: (channel) => hear<Heard>(channel, {}, converse),
    silence: (heard, channel) => (heard.handshake === undefined ? muteness(heard, channel) : undefined),
    interpret,
  });
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(wire.HANDSHAKE);
  heard.head = await channel.readUntil(wire.END, wire.MAX_ANSWER);
  heard.handshake = wire.readHandshake(heard.head);
  delete heard.head;
}

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { handshake } = heard;
  if (handshake === undefined) return unread(ID, heard, channel, wire.isHandshakeStart);
  const isKnown = handshake.kind === 'handshake';
  return {
    l4: 'open',
    proto: isKnown ? recognised(2, 'RethinkDB', handshake.version) : recognised(1, 'RethinkDB'),
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: 'undetermined' },
    proof: 1,
    rule: `${ID}/${handshake.kind}`,
    notes: isKnown ? ['the administrator has no password unless somebody set one; that takes a login to see'] : [],
  };
}
