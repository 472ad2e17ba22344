/** Listeners of an MSK cluster: one door each (aws-services.md section 2.19). */
import type { Cluster, GetBootstrapBrokersResponse } from '@aws-sdk/client-kafka';
import { type Address, addressOf } from './address.ts';
import type { Door } from './doors.ts';

/** How a listener asks who is there. `tls` may ask for a certificate or for nothing. */
export type Login = 'none' | 'tls' | 'scram' | 'iam';

export interface Listener extends Door {
  readonly login: Login;
  /** `ipv6`: of an address that may be routed to, whatever public access says. */
  readonly side: 'private' | 'ipv6' | 'public' | 'privatelink';
  readonly isZookeeper: boolean;
}

type Field = Exclude<keyof GetBootstrapBrokersResponse, '$metadata'>;
const BROKERS: readonly (readonly [Field, string, Login, Listener['side']])[] = [
  ['BootstrapBrokerString', 'plaintext', 'none', 'private'],
  ['BootstrapBrokerStringTls', 'tls', 'tls', 'private'],
  ['BootstrapBrokerStringSaslScram', 'scram', 'scram', 'private'],
  ['BootstrapBrokerStringSaslIam', 'iam', 'iam', 'private'],
  ['BootstrapBrokerStringIpv6', 'plaintext-ipv6', 'none', 'ipv6'],
  ['BootstrapBrokerStringTlsIpv6', 'tls-ipv6', 'tls', 'ipv6'],
  ['BootstrapBrokerStringSaslScramIpv6', 'scram-ipv6', 'scram', 'ipv6'],
  ['BootstrapBrokerStringSaslIamIpv6', 'iam-ipv6', 'iam', 'ipv6'],
  ['BootstrapBrokerStringPublicTls', 'public-tls', 'tls', 'public'],
  ['BootstrapBrokerStringPublicSaslScram', 'public-scram', 'scram', 'public'],
  ['BootstrapBrokerStringPublicSaslIam', 'public-iam', 'iam', 'public'],
  ['BootstrapBrokerStringVpcConnectivityTls', 'privatelink-tls', 'tls', 'privatelink'],
  ['BootstrapBrokerStringVpcConnectivitySaslScram', 'privatelink-scram', 'scram', 'privatelink'],
  ['BootstrapBrokerStringVpcConnectivitySaslIam', 'privatelink-iam', 'iam', 'privatelink'],
];
/** AWS returns at most a few brokers: a longer text is no such list. */
const MAX_CHARS = 16_384;

export function listenersOf({ Provisioned: own }: Cluster, brokers: GetBootstrapBrokersResponse): readonly Listener[] {
  const all = [
    ...BROKERS.map(([field, door, login, side]) => ({ text: brokers[field], door, login, side, isZookeeper: false })),
    ...(['', 'Tls'] as const).map((kind) => ({
      text: own?.[`ZookeeperConnectString${kind}`],
      door: `zookeeper${kind === '' ? '' : '-tls'}`,
      login: kind === '' ? ('none' as const) : ('tls' as const),
      side: 'private' as const,
      isZookeeper: true,
    })),
  ];
  return all.flatMap(({ text, ...listener }) => {
    const at = firstBroker(text);
    return at === undefined ? [] : [{ ...listener, ...at }];
  });
}

/** The brokers come in any order, so the first by name stands for the listener. */
function firstBroker(text: string | undefined): Address | undefined {
  if (text === undefined || text.length > MAX_CHARS) return undefined;
  const brokers = text.split(',').flatMap((broker) => {
    const at = addressOf(broker.trim(), 0);
    return at === undefined || at.port === 0 ? [] : [at];
  });
  return brokers.toSorted((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port))[0];
}

const EVERYONE = 'allow.everyone.if.no.acl.found';

/** Whether a cluster's server.properties let everybody who got in do everything until an ACL exists, as is the default. */
export function letsEveryone(properties: Uint8Array): boolean | undefined {
  const values = new TextDecoder()
    .decode(properties.subarray(0, 1 << 20))
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf('=');
      return at >= 0 && line.slice(0, at).trim() === EVERYONE
        ? [
            line
              .slice(at + 1)
              .trim()
              .toLowerCase(),
          ]
        : [];
    });
  const last = values.at(-1) ?? 'true';
  if (last === 'true') return true;
  return last === 'false' ? false : undefined;
}
