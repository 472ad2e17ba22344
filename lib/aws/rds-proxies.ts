/** What an RDS Proxy speaks, where it listens, and what it asks for (aws-services.md section 2.6). */
import type { DBProxy, DBProxyEndpoint } from '@aws-sdk/client-rds';
import { declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Engine } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';

/** Doors of further endpoints begin so. */
export const FURTHER = 'endpoint-';

interface Spoken {
  readonly engine: Engine;
  readonly port: number;
}

const SPOKEN: Readonly<Record<string, Spoken>> = {
  MYSQL: { engine: 'mysql', port: 3306 },
  POSTGRESQL: { engine: 'postgres', port: 5432 },
  SQLSERVER: { engine: 'sqlserver', port: 1433 },
};

/** A proxy's port follows from its engine family. Undefined for a family that ajar does not know. */
export function proxySpeaks({ EngineFamily: family }: DBProxy): Spoken | undefined {
  return SPOKEN[family ?? ''];
}

export type ProxyDoor = Pick<
  DBProxyEndpoint,
  'Endpoint' | 'VpcId' | 'VpcSecurityGroupIds' | 'VpcSubnetIds' | 'EndpointNetworkType'
> & { readonly door: string; readonly arn: string | undefined; readonly status: string | undefined };

/** The default endpoint is the proxy's own, and listed among the others as well. */
export function proxyDoors(name: string, proxy: DBProxy, further: readonly DBProxyEndpoint[]): readonly ProxyDoor[] {
  const others = further.filter((each) => each.DBProxyName === name && each.IsDefault !== true);
  return [
    { ...proxy, door: '', arn: proxy.DBProxyArn, status: proxy.Status },
    ...others.map((each) => ({
      ...each,
      door: `${FURTHER}${each.DBProxyEndpointName ?? ''}`,
      arn: each.DBProxyEndpointArn,
      status: each.Status,
    })),
  ];
}

/** Passwords and IAM tokens are both asked for; where IAM is insisted on, its policies decide who may connect as well. */
export function proxyDeclared({
  Auth: auth = [],
  DefaultAuthScheme: scheme,
  RequireTLS: required,
}: DBProxy): Protections {
  const modes = [...new Set(auth.map(({ IAMAuth }) => IAMAuth ?? 'absent'))];
  const evidence = `DefaultAuthScheme=${scheme ?? 'absent'}, IAMAuth=${modes.join(',')}`;
  const insists = modes.every((mode) => mode === 'REQUIRED') && (modes.length > 0 || scheme === 'IAM_AUTH');
  return {
    authentication: declaredOn(`credentials always asked for, ${evidence}`),
    'access-policy': insists ? declaredOn(evidence) : declaredPartial(`${evidence}: a password is enough`),
    tls: tlsOf(required),
  };
}

function tlsOf(required: boolean | undefined): Protection {
  if (required === undefined) return declaredUnknown('RequireTLS absent');
  return required ? declaredOn('RequireTLS=true') : declaredPartial('RequireTLS=false: plain text is taken as well');
}
