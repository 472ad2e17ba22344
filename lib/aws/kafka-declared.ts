/** What an MSK cluster's settings promise, listener by listener (aws-services.md section 2.19). */
import type { Cluster } from '@aws-sdk/client-kafka';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, notApplicable } from '../model/declared.ts';
import type { Protection, Protections } from '../model/protection.ts';
import type { Listener } from './kafka-listeners.ts';

/**
 * Whoever reaches one listener reaches those beside it on the same network: one that asks nobody, or takes plain text,
 * makes less of the others. Beside public and PrivateLink listeners there is none.
 */
function hasNeighbours({ side }: Listener): boolean {
  return side === 'private' || side === 'ipv6';
}

export function authenticationOf(cluster: Cluster, listener: Listener): Protection {
  const { login, side, isZookeeper } = listener;
  if (isZookeeper) return declaredUnknown('ZooKeeper: not returned');
  if (login === 'none') return declaredOff('listener without authentication');
  const { ClientAuthentication: auth, BrokerNodeGroupInfo: group } = cluster.Provisioned ?? {};
  const isLax = hasNeighbours(listener) && auth?.Unauthenticated?.Enabled === true;
  if (login === 'scram' || login === 'iam') {
    const said = `SASL/${login.toUpperCase()}`;
    return isLax ? declaredPartial(`${said}, but Unauthenticated.Enabled=true beside it`) : declaredOn(said);
  }
  const certificates =
    side === 'privatelink'
      ? group?.ConnectivityInfo?.VpcConnectivity?.ClientAuthentication?.Tls?.Enabled
      : auth?.Tls?.Enabled;
  const anonymous = side === 'privatelink' ? false : auth?.Unauthenticated?.Enabled;
  const said = `Unauthenticated.Enabled=${String(anonymous ?? 'absent')}, Tls.Enabled=${String(certificates ?? 'absent')}`;
  if (anonymous === true) return declaredOff(said);
  return anonymous === false && certificates === true ? declaredOn(said) : declaredUnknown(said);
}

export function tlsOf({ Provisioned: own, Serverless }: Cluster, listener: Listener): Protection {
  if (Serverless !== undefined) return declaredOn('TLS only, by design');
  const transit = own?.EncryptionInfo?.EncryptionInTransit;
  const { ClientBroker: clients, InCluster: inside } = transit ?? {};
  const said = `ClientBroker=${clients ?? 'absent'}, InCluster=${String(inside ?? 'absent')}`;
  if (listener.login === 'none') return declaredOff(`plaintext listener, ${said}`);
  if (inside === false) return declaredPartial(`${said}: brokers copy records in plain text`);
  // Both listeners of ZooKeeper are always there, whatever clients of the brokers may do.
  if (listener.isZookeeper || !hasNeighbours(listener)) return amongBrokers(transit !== undefined, said);
  if (clients === 'TLS') return amongBrokers(true, said);
  return clients === undefined ? declaredUnknown(said) : declaredPartial(`${said}: plain text is taken beside it`);
}

/** Documented: brokers speak TLS among themselves unless told otherwise. */
function amongBrokers(isRead: boolean, said: string): Protection {
  return isRead ? declaredOn(`TLS listener, ${said}`) : declaredUnknown('TLS listener, EncryptionInTransit absent');
}

export function storageOf({ Provisioned: own, Serverless }: Cluster): Protections {
  const rest = own?.EncryptionInfo?.EncryptionAtRest?.DataVolumeKMSKeyId;
  const { BrokerLogs: broker, AuthorizerLogs: authorizer } = own?.LoggingInfo ?? {};
  const kept = [broker, authorizer].flatMap((logs) => [logs?.CloudWatchLogs, logs?.Firehose, logs?.S3]);
  return {
    'encryption-at-rest': declaredOn(`always encrypted, DataVolumeKMSKeyId=${rest ?? 'absent'}`),
    'audit-log':
      Serverless !== undefined
        ? notApplicable('serverless clusters have none')
        : kept.some((log) => log?.Enabled === true)
          ? declaredOn('LoggingInfo: broker or authorizer logs are kept')
          : own === undefined
            ? declaredUnknown('LoggingInfo not returned')
            : declaredOff('LoggingInfo: no broker log is kept'),
  };
}
