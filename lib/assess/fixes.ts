/**
 * What to copy and paste for the first minutes, by service and protection (evidence-and-alerts.md section 3.4): a command of the
 * AWS CLI where the resource's ARN says what it is, else a line for the server's own configuration. Each narrows and none deletes.
 * A name goes in between single quotes, and only one of letters, digits and `. _ -` goes in at all: what a shell could
 * read otherwise, or a chat could change on the way, is withheld. What has no one command has no fix, and the runbook has more: a
 * broker of MQ and a replication instance of DMS are public for life, a collection's policy and a balancer's group have to be looked up.
 */
import type { NoticeEndpoint } from '../model/incident.ts';
import type { ProtectionName } from '../model/protection.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ARN = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):([A-Za-z0-9][A-Za-z0-9._:/-]{0,255})$/;

/** Of a line of 400 characters, with its label. */
const FIX_LIMIT = 390;

/** `text` is of printable ASCII, and whole: a fix that does not fit a line is none. */
export type Fix = { readonly text: string } | { readonly withheld: string };

/** `undefined` where there is no fix of one line. */
export function fixFor(
  protection: ProtectionName,
  endpoint: Pick<NoticeEndpoint, 'arn' | 'engine' | 'name' | 'region'>,
): Fix | undefined {
  const [, service = '', kind = ''] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:([a-z-]*)/i.exec(endpoint.arn ?? '') ?? [];
  const command = AWS[`${service}:${kind.toLowerCase()}`]?.[protection] ?? AWS[service]?.[protection];
  if (command === undefined) {
    const line = endpoint.arn === undefined ? SERVER[endpoint.engine]?.[protection] : undefined;
    return line === undefined ? undefined : { text: line };
  }
  const target = targetOf(endpoint);
  if (target === undefined) return { withheld: 'its name is not one to give to a shell' };
  const text = command(target);
  return text.length <= FIX_LIMIT ? { text } : { withheld: 'it does not fit a line' };
}

interface Target {
  /** Quoted. */
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** As it stands in the ARN, for use inside quotes. */
  readonly bareArn: string;
}

function targetOf({ arn = '', name, region }: Pick<NoticeEndpoint, 'arn' | 'name' | 'region'>): Target | undefined {
  const [, , service, of, , resource = ''] = ARN.exec(arn) ?? [];
  // `domain/NAME`, `db:NAME`, `snapshot/NAME`; where an id stands there, the name is what the service calls it.
  const bare = BY_ID.has(service ?? '') ? name : resource.split(/[:/]/)[1];
  const place = of === '' ? region : of;
  if (bare === undefined || !NAME.test(bare) || place === undefined || !REGION.test(place)) return undefined;
  return { name: `'${bare}'`, arn: `'${arn}'`, bareArn: arn, region: `--region ${place}` };
}

const BY_ID: ReadonlySet<string> = new Set(['redshift-serverless', 'lightsail']);

type Fixes<T> = Readonly<Partial<Record<ProtectionName, T>>>;
/** A whole line. */
type Command = (target: Target) => string;
type Call = (target: Target) => string;

function aws(call: Call): Command {
  return (target) => `aws ${call(target)}`;
}

function calls(fixes: Fixes<Call>): Fixes<Command> {
  return Object.fromEntries(Object.entries(fixes).map(([protection, call]) => [protection, aws(call)]));
}

const shutDomain: Call = ({ name, bareArn, region }) =>
  `opensearch update-domain-config ${region} --domain-name ${name} --access-policies '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"es:ESHttp*","Resource":"${bareArn}/*"}]}'`;
const hideInstance: Call = ({ name, region }) =>
  `rds modify-db-instance ${region} --db-instance-identifier ${name} --no-publicly-accessible --apply-immediately`;
const hideWarehouse: Call = ({ name, region }) =>
  `redshift modify-cluster ${region} --cluster-identifier ${name} --no-publicly-accessible`;
const hideWorkgroup: Call = ({ name, region }) =>
  `redshift-serverless update-workgroup ${region} --workgroup-name ${name} --no-publicly-accessible`;
const hideDatabase: Call = ({ name, region }) =>
  `lightsail update-relational-database ${region} --relational-database-name ${name} --no-publicly-accessible --apply-immediately`;
const hideGraph: Call = ({ name, region }) =>
  `neptune-graph update-graph ${region} --graph-identifier ${name} --no-public-connectivity`;
/** A cluster of Aurora is as public as its instances are. */
const hideCluster: Command = ({ name, region }) =>
  `for i in $(aws rds describe-db-clusters ${region} --db-cluster-identifier ${name} --query 'DBClusters[0].DBClusterMembers[].DBInstanceIdentifier' --output text); do aws rds modify-db-instance ${region} --db-instance-identifier "$i" --no-publicly-accessible --apply-immediately; done`;
/** Only the version that is in force can be changed. */
const hideBrokers: Command = ({ arn, region }) =>
  `C=${arn}; aws kafka update-connectivity ${region} --cluster-arn "$C" --connectivity-info 'PublicAccess={Type=DISABLED}' --current-version "$(aws kafka describe-cluster-v2 ${region} --cluster-arn "$C" --query ClusterInfo.CurrentVersion --output text)"`;

/** By service, or by service and type of the ARN. What lets anybody in is shut at the network first. */
const AWS: Readonly<Record<string, Fixes<Command>>> = {
  es: calls({
    authentication: shutDomain,
    'access-policy': shutDomain,
    network: shutDomain,
    tls: ({ name, region }) =>
      `opensearch update-domain-config ${region} --domain-name ${name} --domain-endpoint-options EnforceHTTPS=true,TLSSecurityPolicy=Policy-Min-TLS-1-2-2019-07`,
    'encryption-at-rest': ({ name, region }) =>
      `opensearch update-domain-config ${region} --domain-name ${name} --encryption-at-rest-options Enabled=true`,
  }),
  'rds:db': calls({ authentication: hideInstance, network: hideInstance }),
  'rds:snapshot': calls({
    sharing: ({ name, region }) =>
      `rds modify-db-snapshot-attribute ${region} --db-snapshot-identifier ${name} --attribute-name restore --values-to-remove all`,
  }),
  'rds:cluster-snapshot': calls({
    sharing: ({ name, region }) =>
      `rds modify-db-cluster-snapshot-attribute ${region} --db-cluster-snapshot-identifier ${name} --attribute-name restore --values-to-remove all`,
  }),
  'ec2:snapshot': calls({
    sharing: ({ name, region }) =>
      `ec2 modify-snapshot-attribute ${region} --snapshot-id ${name} --attribute createVolumePermission --operation-type remove --group-names all`,
  }),
  'redshift:cluster': calls({
    authentication: hideWarehouse,
    network: hideWarehouse,
    'encryption-at-rest': ({ name, region }) =>
      `redshift modify-cluster ${region} --cluster-identifier ${name} --encrypted`,
  }),
  'redshift-serverless:workgroup': calls({ authentication: hideWorkgroup, network: hideWorkgroup }),
  'lightsail:relationaldatabase': calls({ authentication: hideDatabase, network: hideDatabase }),
  'neptune-graph:graph': calls({ authentication: hideGraph, network: hideGraph }),
  'kafka:cluster': { authentication: hideBrokers, network: hideBrokers },
  'rds:cluster': { authentication: hideCluster, network: hideCluster },
  'dms:endpoint': calls({
    tls: ({ arn, region }) => `dms modify-endpoint ${region} --endpoint-arn ${arn} --ssl-mode require`,
  }),
  'cloudsearch:domain': calls({
    tls: ({ name, region }) =>
      `cloudsearch update-domain-endpoint-options ${region} --domain-name ${name} --domain-endpoint-options EnforceHTTPS=true,TLSSecurityPolicy=Policy-Min-TLS-1-2-2019-07`,
  }),
  'elasticache:replicationgroup': calls({
    tls: ({ name, region }) =>
      `elasticache modify-replication-group ${region} --replication-group-id ${name} --transit-encryption-enabled --transit-encryption-mode preferred --apply-immediately`,
  }),
};

/** Of servers that somebody runs: the setting that is missing, for its own file. Nothing of a stranger's is in it. */
const SERVER: Readonly<Record<string, Fixes<string>>> = {
  elasticsearch: {
    authentication: 'xpack.security.enabled: true   # elasticsearch.yml, then restart',
    network: 'network.host: _local_   # elasticsearch.yml, then restart',
    tls: 'xpack.security.http.ssl.enabled: true   # elasticsearch.yml, then restart',
  },
  opensearch: {
    authentication: 'plugins.security.disabled: false   # opensearch.yml, then restart',
    network: 'network.host: _local_   # opensearch.yml, then restart',
    tls: 'plugins.security.ssl.http.enabled: true   # opensearch.yml, then restart',
  },
  postgres: {
    authentication:
      "sed -i.ajar -E 's/^([^#].*[[:space:]])trust[[:space:]]*$/\\1scram-sha-256/' pg_hba.conf   # then: SELECT pg_reload_conf();",
    network: "ALTER SYSTEM SET listen_addresses = 'localhost';   -- then restart",
    tls: 'ALTER SYSTEM SET ssl = on;   -- then hostssl for host in pg_hba.conf, and reload',
  },
  mysql: {
    network: 'bind-address = 127.0.0.1   # my.cnf, then restart',
    tls: 'SET PERSIST require_secure_transport = ON;',
  },
  mariadb: {
    network: 'bind-address = 127.0.0.1   # my.cnf, then restart',
    tls: 'SET GLOBAL require_secure_transport = ON;   -- and in my.cnf',
  },
  redis: {
    authentication: 'protected-mode yes   # redis.conf, with requirepass or an ACL, then restart',
    network: 'bind 127.0.0.1 -::1   # redis.conf, then restart',
    tls: 'port 0   # redis.conf, with tls-port and certificates, then restart',
  },
  valkey: {
    authentication: 'protected-mode yes   # valkey.conf, with requirepass or an ACL, then restart',
    network: 'bind 127.0.0.1 -::1   # valkey.conf, then restart',
    tls: 'port 0   # valkey.conf, with tls-port and certificates, then restart',
  },
  mongodb: {
    authentication: 'security: { authorization: enabled }   # mongod.conf, then restart',
    network: 'net: { bindIp: 127.0.0.1 }   # mongod.conf, then restart',
    tls: 'net: { tls: { mode: requireTLS } }   # mongod.conf, with certificates, then restart',
  },
  memcached: {
    authentication: '-l 127.0.0.1 -U 0   # options of memcached: it has no login worth the name',
    network: '-l 127.0.0.1 -U 0   # options of memcached, then restart',
  },
  couchdb: {
    authentication: 'require_valid_user = true   # [chttpd] of local.ini, then restart',
    network: 'bind_address = 127.0.0.1   # [chttpd] of local.ini, then restart',
  },
  cassandra: {
    authentication: 'authenticator: PasswordAuthenticator   # cassandra.yaml, then restart',
    network: 'rpc_address: localhost   # cassandra.yaml, then restart',
  },
  scylla: {
    authentication: 'authenticator: PasswordAuthenticator   # scylla.yaml, then restart',
    network: 'rpc_address: localhost   # scylla.yaml, then restart',
  },
  etcd: { authentication: 'etcdctl user add root && etcdctl auth enable' },
};
