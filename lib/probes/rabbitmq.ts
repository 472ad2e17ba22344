/**
 * RabbitMQ and Amazon MQ for RabbitMQ (probes.md section 4.1): AMQP on its ports, the management API on any other.
 * AMQP, plaintext first: the protocol header. Connection.Start comes before any authentication, with product, version and
 * mechanisms: it is no proof of an open door. `PLAIN` without TLS sends a password in the clear. `ANONYMOUS` is mapped to
 * guest, which is let in from loopback alone by default: no proof either.
 * Management, TLS first: `GET /api/overview`; 200 with the product in it is an open door, 401 in its realm a closed one.
 * Never sent: Connection.StartOk, guest/guest, any other credential. Never asked: /api/queues, /api/definitions.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Channel, HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { recognised } from '../talk/http.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import { isTlsAlert } from '../wire/foreign.ts';
import { parseJson, textMember } from '../wire/json.ts';
import type { Welcome } from '../wire/listing.ts';
import { FRAME_HEAD, frameLength, isHeader, parseStart, PROTOCOL_HEADER, type Start } from '../wire/rabbitmq.ts';

const ID = 'rabbitmq';
const AMQP_PORTS: readonly number[] = [5671, 5672];

const MANAGEMENT: Listing = {
  id: ID,
  product: 'RabbitMQ',
  kind: 'topic',
  welcome: { path: '/api/overview', read: readOverview },
  read: () => ({ rows: [], truncated: false }),
};

export const rabbitmq: Probe = {
  id: ID,
  speaks: 'both',
  streamPorts: AMQP_PORTS,
  sends: [
    {
      what: 'protocol header',
      hex: '414d515000000901',
      why: 'AMQP: product, version and mechanisms; no authentication',
    },
    { what: 'GET /api/overview', why: 'management: product, and whether it asks for credentials' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'the management API shows its overview to anyone',
    start: 'a broker that asks for credentials',
    'start-plain': 'a broker that takes passwords in the clear',
    'start-anonymous': 'a broker that offers ANONYMOUS; whether that is let in was not tried',
    'other-version': 'AMQP of another version than 0-9-1',
  },
  engines: ['rabbitmq'],
  defaultPort: 15672,
  maxConnections: 4,
  deadlineMs: 15_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (!AMQP_PORTS.includes(port)) return visitListing(access, options, MANAGEMENT);
  return plainThenTls<Heard>(access, {
    id: ID,
    converse: (channel) => hear<Heard>(channel, {}, converse),
    silence: muteness,
    interpret,
  });
}

/** Only the management plugin's own words count: the realm, or the overview itself. */
function readOverview(reply: HttpReply): Welcome | undefined {
  const isCowboy = reply.headers['server'] === 'Cowboy' ? 1 : 0;
  if (/realm="RabbitMQ Management"/u.test(reply.headers['www-authenticate'] ?? '')) {
    return { markers: 1 + isCowboy, version: '', refused: reply.status === 401 };
  }
  const json = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  const version = textMember(json, 'rabbitmq_version');
  if (version === '' || textMember(json, 'management_version') === '') return undefined;
  return { markers: 2, version };
}

interface Heard extends Ended {
  start?: Start;
  otherVersion?: boolean;
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(PROTOCOL_HEADER);
  const head = await channel.readExactly(FRAME_HEAD);
  heard.head = head;
  // Seven bytes are just what a TLS server answers to plaintext: then nothing of AMQP was said.
  if (isTlsAlert(head)) throw new PeerError('protocol', 'closed', 'answered with a TLS alert');
  if (isHeader(head)) {
    heard.otherVersion = true;
    return;
  }
  heard.start = parseStart(await channel.readExactly(frameLength(head)));
}

/** Brokers that name themselves. Any other name may be anything, and is not repeated. */
const PRODUCTS = ['RabbitMQ', 'LavinMQ', 'ActiveMQ', 'Apache Qpid', 'qpid', 'SwiftMQ', 'Azure Service Bus'];

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const tls = channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY;
  const common = { l4: 'open', tls, proof: 1, notes: [] } as const;
  if (heard.otherVersion === true) {
    const proto = recognised(1, 'AMQP');
    return { ...common, proto, auth: { state: 'undetermined' }, rule: `${ID}/other-version` };
  }
  if (heard.start === undefined) return unread(ID, heard, channel, () => false);
  const { product, version, mechanisms } = heard.start;
  const named = PRODUCTS.find((name) => product.toLowerCase().startsWith(name.toLowerCase())) ?? 'AMQP broker';
  const proto = recognised(product === '' ? 1 : 2, named, version);
  const notes = [`mechanisms: ${mechanisms.join(' ')}`];
  if (mechanisms.includes('ANONYMOUS')) {
    return { ...common, proto, auth: { state: 'undetermined' }, rule: `${ID}/start-anonymous`, notes };
  }
  if (mechanisms.length === 0) {
    return { ...common, proto, auth: { state: 'undetermined' }, rule: `${ID}/recognised`, notes: [] };
  }
  return mechanisms.includes('PLAIN') && !channel.encrypted
    ? {
        ...common,
        proto,
        auth: { state: 'auth-weak', weakness: ['cleartext'] },
        proof: 2,
        rule: `${ID}/start-plain`,
        notes,
      }
    : { ...common, proto, auth: { state: 'auth-required' }, proof: 2, rule: `${ID}/start`, notes };
}
