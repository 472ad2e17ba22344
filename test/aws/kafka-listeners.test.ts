import { describe, expect, it } from 'vitest';
import { authenticationOf, storageOf, tlsOf } from '../../lib/aws/kafka-declared.ts';
import { letsEveryone, type Listener, listenersOf } from '../../lib/aws/kafka-listeners.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const listener = (over: Partial<Listener>): Listener => ({
  door: 'tls',
  host: 'b-1.demo.kafka.us-east-1.amazonaws.com',
  port: 9094,
  login: 'tls',
  side: 'private',
  isZookeeper: false,
  ...over,
});
const cluster = (Unauthenticated: boolean | undefined, Tls: boolean | undefined) => ({
  Provisioned: {
    BrokerNodeGroupInfo: { ClientSubnets: [], InstanceType: 'm' },
    NumberOfBrokerNodes: 3,
    ClientAuthentication: { Unauthenticated: { Enabled: Unauthenticated }, Tls: { Enabled: Tls } },
  },
});

describe('listeners of a cluster', () => {
  it('are one door each, whatever order their brokers come in', () => {
    const named = (order: readonly number[]) =>
      listenersOf({}, { BootstrapBrokerStringTls: order.map((n) => `b-${n}.demo.x.amazonaws.com:9094`).join(',') });
    expect(named([3, 1, 2])).toEqual(named([2, 3, 1]));
    expect(named([3, 1, 2])).toMatchObject([{ door: 'tls', host: 'b-1.demo.x.amazonaws.com', port: 9094 }]);
  });

  it('leave out what names no port or no host', () => {
    const texts = ['', ',', 'b-1.demo', ':9094', 'x'.repeat(20_000), 'b 1:9094'];
    for (const text of texts) expect(listenersOf({}, { BootstrapBrokerStringTls: text })).toEqual([]);
  });

  it.each([
    [true, true, 'off'],
    [true, undefined, 'off'],
    [false, true, 'on'],
    [false, false, 'unknown'],
    [undefined, true, 'unknown'],
    [undefined, undefined, 'unknown'],
  ])('over TLS: unauthenticated %s, certificates %s', (anonymous, certificates, level) => {
    expect(authenticationOf(cluster(anonymous, certificates), listener({})).level).toBe(level);
  });

  it.each([
    ['none', 'off', 'off'],
    ['scram', 'on', 'on'],
    ['iam', 'on', 'on'],
  ] as const)('with login %s', (login, authentication, tls) => {
    // Brokers speak TLS among themselves by default.
    const EncryptionInfo = { EncryptionInTransit: { ClientBroker: 'TLS' as const } };
    const own = { Provisioned: { ...cluster(false, true).Provisioned, EncryptionInfo } };
    expect(authenticationOf({}, listener({ login })).level).toBe(authentication);
    expect(tlsOf(own, listener({ login })).level).toBe(tls);
    expect(tlsOf({}, listener({ login })).level).toBe(login === 'none' ? 'off' : 'unknown');
  });

  it('know of plain text between the brokers', () => {
    const inside = {
      Provisioned: {
        ...cluster(false, true).Provisioned,
        EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS' as const, InCluster: false } },
      },
    };
    expect(tlsOf(inside, listener({})).level).toBe('partial');
  });

  it('keep logs where any log is on', () => {
    const logging = { Provisioned: { ...cluster(false, true).Provisioned, LoggingInfo: { BrokerLogs: {} } } };
    expect(storageOf(logging)['audit-log']?.level).toBe('off');
    const kept = { ...logging.Provisioned, LoggingInfo: { BrokerLogs: { S3: { Enabled: true } } } };
    expect(storageOf({ Provisioned: kept })['audit-log']?.level).toBe('on');
    expect(storageOf({})['audit-log']?.level).toBe('unknown');
  });
});

describe('allow.everyone.if.no.acl.found', () => {
  it.each([
    ['allow.everyone.if.no.acl.found=false', false],
    ['auto.create.topics.enable=true\nallow.everyone.if.no.acl.found = FALSE\r\n', false],
    ['allow.everyone.if.no.acl.found=true', true],
    ['# allow.everyone.if.no.acl.found=false', true],
    ['', true],
    ['allow.everyone.if.no.acl.found=false\nallow.everyone.if.no.acl.found=true', true],
    ['allow.everyone.if.no.acl.found=perhaps', undefined],
  ])('%j', (text, expected) => {
    expect(letsEveryone(bytes(text))).toBe(expected);
  });
});
