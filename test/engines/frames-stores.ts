/** The first bytes of the newer stream protocols, exactly as probes.md sections 3 and 4 have them. */

import { hex } from '../support/bytes.ts';

const NAME = Buffer.from('exposure-probe').toString('hex');

export const CLICKHOUSE_HELLO = hex(`00 0e${NAME} 01 01 b2a903 00 07${Buffer.from('default').toString('hex')} 00`);
export const ZOOKEEPER_SRVR = Buffer.from('srvr');
export const AMQP_HEADER = hex('41 4d 51 50 00 00 09 01');
export const TARANTOOL_PING = hex('ce 00000005 82 00 40 01 01');
export const TARANTOOL_SPACES = hex('ce 00000014 82 00 01 01 02 86 10 cd0119 11 00 12 32 13 00 14 02 20 90');

export const KAFKA_API_VERSIONS = hex(`00000018 0012 0000 00000001 000e${NAME}`);
export const KAFKA_METADATA = hex(`0000001c 0003 0001 00000002 000e${NAME} ffffffff`);
const MECHANISM = Buffer.from('EXPOSURE-PROBE').toString('hex');
export const KAFKA_SASL = hex(`00000028 0011 0000 00000001 000e${NAME} 000e${MECHANISM}`);

export const CQL_OPTIONS = hex('04 00 00 00 05 00 00 00 00');
export const CQL_STARTUP = Buffer.concat([
  hex('04 00 00 01 01 00 00 00 16 0001 000b'),
  Buffer.from('CQL_VERSION'),
  hex('0005'),
  Buffer.from('3.0.0'),
]);
export const CQL_KEYSPACES = Buffer.concat([
  hex('04 00 00 02 07 00 00 00 38 00 00 00 31'),
  Buffer.from('SELECT keyspace_name FROM system_schema.keyspaces'),
  hex('00 01 00'),
]);

export const MONGO_HELLO = hex(
  '34000000 01000000 00000000 dd070000 00000000 00 1f000000 10 68656c6c6f00 01000000 02 24646200 06000000 61646d696e00 00',
);
export const MONGO_LIST_DATABASES = hex(
  '47000000 02000000 00000000 dd070000 00000000 00 32000000 10 6c697374446174616261736573 00 01000000 08 6e616d654f6e6c79 00 01 02 24646200 06000000 61646d696e00 00',
);

export const BOLT_HANDSHAKE = hex('6060b017 00080805 00020404 00000104 00000003');
const AGENT = `d010${Buffer.from('exposure-probe/1').toString('hex')}`;
const key = (text: string): string => `${(0x80 + text.length).toString(16)}${Buffer.from(text).toString('hex')}`;
/** Bolt 5.3 and newer. */
export const BOLT_HELLO = hex(
  `0046 b101 a2 ${key('user_agent')} ${AGENT} ${key('bolt_agent')} a1 ${key('product')} ${AGENT} 0000`,
);
export const BOLT_LOGON_NONE = hex(`000f b16a a1 ${key('scheme')} ${key('none')} 0000`);
export const BOLT_GOODBYE = hex('0002 b002 0000');

/** DRDA: one EXCSAT inside a request DSS; names as EBCDIC would be, an empty manager list. */
export const DRDA_EXCSAT = hex('0020 d0 01 0001 001a 1041 000a 115e 85a7 9796 a2a4 0006 115a f140 0006 116d 40c0');

/** A CONNECT without a user, and a PING whose answer says whether that was enough. */
export const NATS_CONNECT = Buffer.from(
  'CONNECT {"verbose":false,"pedantic":false,"tls_required":false,"name":"exposure-probe","lang":"exposure-probe","version":"1","protocol":0}\r\nPING\r\n',
);

/** op_connect for no database of ours, by nobody; protocols 10 (to 2.5) and 13 (from 3.0). */
export const FIREBIRD_CONNECT = hex(
  `00000001 00000013 00000003 00000001 0000000e ${Buffer.from('exposure-probe').toString('hex')} 0000 00000002 00000000 0000000a 00000001 00000000 00000005 00000002 0000800d 00000001 00000000 00000005 00000004`,
);
