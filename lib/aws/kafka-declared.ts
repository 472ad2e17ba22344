/** What an MSK cluster's settings promise, listener by listener (aws-services.md section 2.19). */
import type { Cluster } from '@aws-sdk/client-kafka';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, notApplicable } from '../model/declared.ts';
import type { Protection, Protections } from '../model/protection.ts';
import type { Listener } from './kafka-listeners.ts';

export function authenticationOf(cluster: Cluster, { login, side, isZookeeper }: Listener): Protection {
  if (isZookeeper) return declaredUnknown('ZooKeeper: not returned');
  if (login === 'none') return declaredOff('listener without authentication');
  if (login === 'scram') return declaredOn('SASL/SCRAM');
  if (login === 'iam') return declaredOn('SASL/IAM');
  const { ClientAuthentication: auth, BrokerNodeGroupInfo: group } = cluster.Provisioned ?? {};
  const certificates =
    side === 'privatelink'
      ? group?.ConnectivityInfo?.VpcConnectivity?.ClientAuthentication?.Tls?.Enabled
      : auth?.Tls?.Enabled;
  const anonymous = side === 'privatelink' ? false : auth?.Unauthenticated?.Enabled;
  const said = `Unauthenticated.Enabled=${String(anonymous ?? 'absent')}, Tls.Enabled=${String(certificates ?? 'absent')}`;
  if (anonymous === true) return declaredOff(said);
  return anonymous === false && certificates === true ? declaredOn(said) : declaredUnknown(said);
}

export function tlsOf({ Provisioned: own, Serverless }: Cluster, { login }: Listener): Protection {
  if (Serverless !== undefined) return declaredOn('TLS only, by design');
  const { ClientBroker: clients, InCluster: inside } = own?.EncryptionInfo?.EncryptionInTransit ?? {};
  const said = `ClientBroker=${clients ?? 'absent'}, InCluster=${String(inside ?? 'absent')}`;
  if (login === 'none') return declaredOff(`plaintext listener, ${said}`);
  return inside === false
    ? declaredPartial(`${said}: brokers copy records in plain text`)
    : declaredOn(`TLS listener, ${said}`);
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
