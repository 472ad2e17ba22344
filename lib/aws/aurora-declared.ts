/** What an Aurora or Multi-AZ cluster promises for all of its doors (aws-services.md section 2.5). */
import type { DBCluster } from '@aws-sdk/client-rds';
import { declaredOff, declaredUnknown } from '../model/declared.ts';
import type { Protection, Protections } from '../model/protection.ts';
import { softwareOf } from './rds.ts';
import { auditOf } from './rds-audit.ts';
import { clusterGroup } from './rds-cluster-endpoint.ts';
import { atRestOf, credentialsOf } from './rds-declared.ts';
import { inForce, type Parameters } from './rds-parameters.ts';
import { tlsOf } from './rds-tls.ts';
import { trailOf } from './rds-trails.ts';

/** All but the network, which each door has of its own. */
export function auroraDeclared(cluster: DBCluster, parameters: Parameters | undefined): Protections {
  const software = softwareOf(cluster);
  const group = clusterGroup(cluster, parameters);
  return {
    authentication: credentialsOf(cluster),
    tls: inForce(tlsOf(software, parameters), group.applied),
    'encryption-at-rest': atRestOf(cluster.StorageEncrypted, cluster),
    'audit-log': auditOf(cluster, trailOf(software, group, undefined)),
  };
}

/** The express configuration has no VPC, so nothing that is said of subnets and groups holds. */
export function outsideVpc({
  InternetAccessGatewayEnabled: gateway,
  VPCNetworkingEnabled: vpc,
}: DBCluster): Protection | undefined {
  const said = `InternetAccessGatewayEnabled=${String(gateway)}, VPCNetworkingEnabled=${String(vpc)}`;
  if (gateway === true) return declaredOff(`${said}: on the internet, with no VPC and no security group`);
  return vpc === false ? declaredUnknown(said) : undefined;
}
