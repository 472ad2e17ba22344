/**
 * Whether a probe asked only what it may: every message must be one that the probe declares (`sends`), and none may hold
 * a word that probes.md forbids for its protocol, whatever the probe declares.
 */
import type { Probe } from '../../lib/model/probe.ts';

/** The "never" lists of probes.md sections 1, 3 and 4. */
const NEVER: Readonly<Record<string, RegExp>> = {
  redis: /\b(?:AUTH|HELLO|CONFIG|KEYS|SCAN|CLIENT|COMMAND|EVAL|FLUSH\w*|SET|GET)\b/iu,
  memcached: /cachedump|metadump|detail|flush|\b(?:get|set|delete)\b/iu,
  elasticsearch: /_search|_count|_nodes|_snapshot|_cluster\/settings|_source|_doc/u,
  mongodb: /getLog|getCmdLineOpts|currentOp|serverStatus|saslStart|find|aggregate/u,
  etcd: /member|snapshot|recursive|authenticate/u,
  influxdb: /\bSELECT\b|\bCREATE\b|\bDROP\b/iu,
  clickhouse: /INSERT|\bDROP\b|readonly=/iu,
  zookeeper: /wchp|wchc|dump|cons|mntr|envi|conf/u,
  solr: /\/select|\/admin\/metrics|\/config|\/replication|dataimport/u,
  prometheus: /status\/config|\/targets|\/query/u,
  couchdb: /_all_docs|_config|_users/u,
  cassandra: /COUNT\s*\(|\bINSERT\b|\bFROM (?!system)/iu,
};
/** Messages that begin with a number of their own, so that no first bytes can be declared for them. */
const NUMBERED: Readonly<Record<string, RegExp>> = {
  mongodb:
    /^[^]{8}\0{4}(?:\xdd\x07\0\0\0{5}[^]{4}\x10(?:hello|listDatabases|listCollections)\0|\xd4\x07\0\0\0{4}admin\.\$cmd\0[^]{12}\x10(?:isMaster|listDatabases)\0)/u,
};
/** No visit of ours has an account. */
const CREDENTIALS = /^(?:authorization|cookie|proxy-authorization):/imu;

/** What was sent and is not allowed, one line each. */
export function forbiddenIn(probe: Probe, conversations: readonly (readonly Buffer[])[]): string[] {
  return conversations.flatMap((sent) => {
    const text = Buffer.concat(sent).toString('latin1');
    return [
      ...(/^(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH) \S+ HTTP\/1/u.test(text)
        ? undeclaredRequest(probe, text)
        : sent.flatMap((message) => undeclaredMessage(probe, message))),
      ...(NEVER[probe.id]?.test(text) === true || CREDENTIALS.test(text) ? [`forbidden word in: ${shown(text)}`] : []),
    ];
  });
}

/** One request a connection: HTTP here is without keep-alive. */
function undeclaredRequest(probe: Probe, text: string): string[] {
  const asked = text.slice(0, text.indexOf(' HTTP/1'));
  const isDeclared = probe.sends.some(({ what }) => {
    const pattern = what.split('{}').map((part) => part.replace(/[.*+?^$()|[\]\\{}]/gu, '\\$&'));
    return new RegExp(`^${pattern.join('[^/ ]+')}$`, 'u').test(asked);
  });
  return isDeclared ? [] : [`undeclared: ${shown(asked)}`];
}

function undeclaredMessage(probe: Probe, message: Buffer): string[] {
  const bytes = message.toString('hex');
  const isDeclared =
    probe.sends.some(({ hex }) => hex !== undefined && bytes.startsWith(hex)) ||
    NUMBERED[probe.id]?.test(message.toString('latin1')) === true;
  return isDeclared ? [] : [`undeclared: ${bytes.slice(0, 80)}`];
}

function shown(text: string): string {
  return text.slice(0, 160).replaceAll(/[^\x20-\x7e]+/gu, '.');
}
