import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rabbitmq } from '../../lib/probes/rabbitmq.ts';
import { WireError } from '../../lib/wire/error.ts';
import { frameLength, parseStart } from '../../lib/wire/rabbitmq.ts';
import { CONTROL, page, visitRecorded, visitSite } from '../support/recorded-site.ts';
import { recordings } from '../support/recordings.ts';
import { PLAIN_TLS, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);

async function amqp(connections: readonly ScriptConnection[], port = 5672) {
  const access = scriptAccess({ connections });
  const at = {
    id: 'r',
    host: 'mq.example.org',
    port,
    engine: 'rabbitmq',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const answer = await rabbitmq.visit(access, at, { metadata: 1, nonce: '0123456789abcdef' });
  return { answer, opened: access.opened, written: access.written };
}

function recorded(ending: string): ScriptConnection {
  const found = recordings('rabbitmq').find(({ name }) => name === `3.10.8-${ending}`);
  if (found === undefined) throw new Error(`no recording ${ending}`);
  return found.connection;
}

function start(mechanisms: string): Buffer {
  const list = Buffer.alloc(4);
  list.writeUInt32BE(mechanisms.length);
  const payload = Buffer.concat([
    Buffer.from('000a000a000900000000', 'hex'),
    list,
    Buffer.from(mechanisms),
    Buffer.alloc(4),
  ]);
  const head = Buffer.from('01000000000000', 'hex');
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from('ce', 'hex')]);
}

describe('AMQP', () => {
  it('in the clear takes passwords in the clear, and says its version to anyone', async () => {
    const { answer, written } = await amqp([recorded('amqp')]);
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'RabbitMQ', version: '3.10.8' },
      tls: { state: 'absent' },
      auth: { state: 'auth-weak', weakness: ['cleartext'] },
      rule: 'rabbitmq/start-plain',
      notes: ['mechanisms: PLAIN AMQPLAIN'],
    });
    expect(written).toEqual(['1:414d515000000901']);
  });

  it('inside TLS is asked there once plaintext was answered with an alert, which is just as long as a frame head', async () => {
    const { answer, opened } = await amqp([recorded('amqps-plaintext'), recorded('amqps')], 5671);
    expect(answer).toMatchObject({
      tls: { state: 'required', facts: PLAIN_TLS },
      auth: { state: 'auth-required' },
      rule: 'rabbitmq/start',
    });
    expect(opened).toBe(2);
  });

  it('that offers ANONYMOUS is not open by that: guest is let in from loopback alone', async () => {
    const { answer } = await amqp([{ replies: [NONE, start('ANONYMOUS PLAIN')] }]);
    expect(answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'rabbitmq/start-anonymous' });
  });

  it('without a mechanism says nothing of authentication', async () => {
    expect((await amqp([{ replies: [NONE, start('')] }])).answer.auth.state).toBe('undetermined');
  });

  it('of another version is named and not judged', async () => {
    const { answer } = await amqp([{ replies: [NONE, Buffer.from('414d515003010000', 'hex')] }]);
    expect(answer).toMatchObject({ rule: 'rabbitmq/other-version', auth: { state: 'undetermined' } });
  });

  it('is parsed or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const parse of [frameLength, parseStart]) {
          for (const head of ['', '000a000a0009']) {
            try {
              parse(Buffer.concat([Buffer.from(head, 'hex'), bytes, Buffer.from('ce', 'hex')]));
            } catch (error) {
              if (!(error instanceof WireError)) throw error;
            }
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the management API', () => {
  it('is closed by its realm', async () => {
    const { answer } = await visitRecorded(rabbitmq, 'rabbitmq-3.10.8-management');
    expect(answer).toMatchObject({
      rule: 'rabbitmq/refused',
      auth: { state: 'auth-weak' },
      proto: { confidence: 'firm' },
    });
  });

  it('that shows its overview is open', async () => {
    const { answer, asked } = await visitSite(rabbitmq, ({ scheme, path }) =>
      scheme === 'http'
        ? undefined
        : path === '/api/overview'
          ? page({ management_version: '3.10.8', rabbitmq_version: '3.10.8', cluster_name: 'x' })
          : page('', 404),
    );
    expect(answer).toMatchObject({ rule: 'rabbitmq/list', auth: { state: 'open-anonymous' }, proof: 3 });
    expect(asked).toEqual(['https GET /api/overview', `https GET ${CONTROL}`]);
  });

  it('under another realm is somebody else', async () => {
    const { answer } = await visitSite(rabbitmq, () => page('', 401, { 'www-authenticate': 'Basic realm="x"' }));
    expect(answer).toMatchObject({ rule: 'rabbitmq/proxy-auth', proto: { state: 'generic-http' } });
  });
});
