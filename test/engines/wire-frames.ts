/** The first bytes of each stream protocol, exactly as probes.md section 3 has them. */

const ROLE = 'user\0exposure_probe\0database\0postgres\0application_name\0exposure-probe\0\0';

export const PG_SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');
export const PG_STARTUP = Buffer.concat([Buffer.from('0000004f00030000', 'hex'), Buffer.from(ROLE, 'latin1')]);
export const MYSQL_SSL_REQUEST = Buffer.from(`20000001008a08000000000121${'00'.repeat(23)}`, 'hex');
export const REDIS_PING = Buffer.from('*1\r\n$4\r\nPING\r\n');
export const REDIS_INFO_SERVER = Buffer.from('*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n');
export const REDIS_INFO_KEYSPACE = Buffer.from('*2\r\n$4\r\nINFO\r\n$8\r\nkeyspace\r\n');
export const REDIS_DBSIZE = Buffer.from('*1\r\n$6\r\nDBSIZE\r\n');
export const MEMCACHED_VERSION = Buffer.from('version\r\n');
export const MEMCACHED_STATS = Buffer.from('stats\r\n');
export const MEMCACHED_BINARY_VERSION = Buffer.from(`800b${'00'.repeat(22)}`, 'hex');
/** Version is answered before SASL as after it; only this tells the two apart. */
export const MEMCACHED_BINARY_STAT = Buffer.from(`8010${'00'.repeat(22)}`, 'hex');
