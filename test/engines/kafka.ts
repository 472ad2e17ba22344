import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { classPath, javaArguments } from './java.ts';

interface KafkaVariant extends Variant {
  readonly protocol: 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';
  readonly mutual?: true;
  /** Refuses what no ACL allows, instead of allowing it: a broker of its own. */
  readonly guarded?: true;
}

/** Two brokers: one with a listener of each sort (each its port, Kafka insists), one whose ACLs keep a stranger out. */
export const KAFKA_VARIANTS: readonly KafkaVariant[] = [
  variant('kafka-open', '127.0.33.1', 9092, 'PLAINTEXT', 'no authentication'),
  variant('kafka-sasl', '127.0.33.2', 9095, 'SASL_PLAINTEXT', 'SASL PLAIN and SCRAM without TLS'),
  variant('kafka-tls', '127.0.33.3', 9094, 'SSL', 'TLS, no authentication'),
  { ...variant('kafka-mtls', '127.0.33.4', 9097, 'SSL', 'client certificate demanded'), mutual: true },
  variant('kafka-sasl-tls', '127.0.33.5', 9096, 'SASL_SSL', 'SASL PLAIN and SCRAM inside TLS'),
  { ...variant('kafka-acl', '127.0.33.6', 9092, 'PLAINTEXT', 'anonymous, no ACL for it'), guarded: true },
];

function variant(
  id: string,
  host: string,
  port: number,
  protocol: KafkaVariant['protocol'],
  note: string,
): KafkaVariant {
  const tls = protocol.endsWith('SSL') ? 'first' : 'plain';
  return { id, kind: 'kafka', engine: 'kafka', host, port, note, tls, protocol };
}

const CLUSTER = 'q1Sh-9_ISia_zwGINzRvyQ';

export async function startKafka(
  bench: Bench,
  certificates: Certificates,
  variants: readonly KafkaVariant[],
): Promise<void> {
  const brokers = [variants.filter((one) => one.guarded !== true), variants.filter((one) => one.guarded === true)];
  await Promise.all(
    brokers.map(async (listeners, index) => {
      const [first] = listeners;
      if (first === undefined) return;
      const id = `kafka-broker-${index}`;
      const folder = bench.place(id);
      const file = join(folder, 'server.properties');
      writeFileSync(file, configuration(folder, `127.0.33.${101 + index}`, listeners, certificates));
      bench.giveAway(folder);
      const java = [...javaArguments(256), `-Djava.io.tmpdir=${folder}`, ...classPath('kafka')];
      bench.prepare('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', file]);
      await bench.launch({
        id,
        host: first.host,
        port: first.port,
        folder,
        command: 'java',
        args: [...java, 'kafka.Kafka', file],
        deadlineMs: 240_000,
        ready: async () => (await metadata(first.host, first.port, [])) !== undefined,
      });
      const plain = listeners.find(({ protocol, guarded }) => protocol === 'PLAINTEXT' && guarded !== true);
      if (plain !== undefined) await plant(plain.host, plain.port);
    }),
  );
}

function configuration(
  folder: string,
  control: string,
  listeners: readonly KafkaVariant[],
  certificates: Certificates,
): string {
  const name = (id: string): string => id.replaceAll('-', '_').toUpperCase();
  const list = listeners.map(({ id, host, port }) => `${name(id)}://${host}:${port}`);
  const between = name(listeners[0]?.id ?? '');
  const jaas = (id: string): string[] => [
    `listener.name.${name(id).toLowerCase()}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512`,
    `listener.name.${name(id).toLowerCase()}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_bench="CANARY-kafka-password";`,
    `listener.name.${name(id).toLowerCase()}.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
  ];
  const guarded = listeners.some((one) => one.guarded === true);
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@${control}:9093`,
    'controller.listener.names=CONTROLLER',
    `listeners=${[...list, `CONTROLLER://${control}:9093`].join(',')}`,
    `advertised.listeners=${list.join(',')}`,
    `listener.security.protocol.map=CONTROLLER:${guarded ? 'SSL' : 'PLAINTEXT'},${listeners.map(({ id, protocol }) => `${name(id)}:${protocol}`).join(',')}`,
    `inter.broker.listener.name=${between}`,
    ...listeners.filter(({ protocol }) => protocol.startsWith('SASL')).flatMap(({ id }) => jaas(id)),
    ...listeners
      .filter(({ mutual }) => mutual === true)
      .map(({ id }) => `listener.name.${name(id).toLowerCase()}.ssl.client.auth=required`),
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.location=${certificates.store}`,
    `ssl.keystore.password=${certificates.storePassword}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${certificates.authority}`,
    `log.dirs=${folder}/data`,
    ...['offsets.topic', 'transaction.state.log'].map((topic) => `${topic}.replication.factor=1`),
    'transaction.state.log.min.isr=1',
    'num.partitions=1',
    'auto.create.topics.enable=true',
    // Nobody is anybody without a certificate, and the broker itself needs to be somebody to its own controller.
    ...(guarded
      ? [
          'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'super.users=User:CN=node,O=ajar bench',
          'listener.name.controller.ssl.client.auth=required',
          'ssl.endpoint.identification.algorithm=',
          'allow.everyone.if.no.acl.found=false',
          'early.start.listeners=CONTROLLER',
        ]
      : []),
    '',
  ].join('\n');
}

/** Metadata v1 for named topics makes them, which is why a probe asks for all and names none. */
async function plant(host: string, port: number): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const reply = await metadata(host, port, ['alexa-tokens', 'body-metrics']);
    // The error code stands in front of each topic's name; 5 is "no leader yet".
    const made = reply?.includes(Buffer.concat([Buffer.from([0, 0, 0, 12]), Buffer.from('alexa-tokens')])) === true;
    if (made) return;
    await sleep(200);
  }
  throw new Error(`${host}:${port} made no topics`);
}

/** One Metadata request; undefined while the broker does not answer it. */
function metadata(host: string, port: number, topics: readonly string[]): Promise<Buffer | undefined> {
  const text = (value: string): Buffer => {
    const size = Buffer.alloc(2);
    size.writeInt16BE(value.length);
    return Buffer.concat([size, Buffer.from(value)]);
  };
  const count = Buffer.alloc(4);
  count.writeInt32BE(topics.length);
  const head = Buffer.from([0, 3, 0, 1, 0, 0, 0, 1]);
  const body = Buffer.concat([head, text('bench'), count, ...topics.map(text)]);
  const frame = Buffer.alloc(4);
  frame.writeInt32BE(body.length);
  return new Promise((resolve) => {
    const socket = createConnection({ host, port }, () => socket.write(Buffer.concat([frame, body])));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('data', (data: Buffer) => {
      resolve(data);
      socket.destroy();
    });
    socket.once('error', () => resolve(undefined)).once('close', () => resolve(undefined));
  });
}
