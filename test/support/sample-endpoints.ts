/** The endpoints of the sample report as they stood on 8 December. */
import type { DataAtRisk, TlsFacts } from '../../lib/model/observation.ts';
import type { ReportEndpoint } from '../../lib/model/report.ts';
import { endpoint, reportEndpoint } from './report-parts.ts';

export const COPY = endpoint('analytics-copy', 'elasticsearch', 9200);
export const ORDERS = endpoint('orders-archive', 'mysql', 3306, '444455556666');
export const REPLICA = endpoint('reporting-replica', 'postgres', 5432);
export const CACHE = endpoint('session-cache', 'redis', 6379);
export const EVENTS = endpoint('device-events', 'opensearch', 443);
const BILLING = endpoint('billing', 'postgres', 5432, '444455556666');
export const FEEDBACK = endpoint('beta-feedback', 'mongodb', 27017);

export const COPY_DATA: DataAtRisk = {
  objects: 14,
  records: 2_418_233,
  bytes: 41_207_114_900,
  classes: [
    { class: 'credential', count: 3, because: ['alexa token', 'api token'] },
    { class: 'health', count: 2, because: ['body weight', 'bone density'] },
    { class: 'network', count: 4, because: ['wi-fi ssid', 'last ip'] },
    { class: 'contact', count: 5, because: ['e-mail'] },
    { class: 'device', count: 6, because: ['mac address', 'firmware'] },
  ],
  samples: ['us***-2019', 'de***-events'],
  truncated: false,
  ransomMarkers: 0,
};

const CERTIFIED: TlsFacts = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  certificate: {
    subject: 'CN=*.example.com',
    issuer: 'CN=Example Issuing CA 2',
    notBefore: '2019-06-01T00:00:00.000Z',
    notAfter: '2020-06-01T00:00:00.000Z',
    sha256: '9f2c5c1b6f2d4f0f7f0b3f3a1b8a5f7e2c7d0a6c9e4b1d8f3a2c5e7b9d0f1a3c',
    selfSigned: false,
    matchesHost: true,
  },
};

const SELF_SIGNED: TlsFacts = {
  version: 'TLSv1.2',
  cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
  certificate: {
    subject: 'CN=MySQL_Server_5.7_Auto_Generated',
    issuer: 'CN=MySQL_Server_5.7_Auto_Generated_CA',
    notBefore: '2019-01-08T00:00:00.000Z',
    notAfter: '2029-01-05T00:00:00.000Z',
    sha256: '1c7d2e4b8a6f0d3c5e9b1a7f4d2c8e6b0a3f5d7c9e1b4a6f8d0c2e5b7a9f1d3c',
    selfSigned: true,
    matchesHost: false,
  },
};

export const ENDPOINTS: readonly ReportEndpoint[] = [
  reportEndpoint(
    COPY,
    {
      verdict: 'protected',
      why: 'authentication is demanded again',
      declared: { network: 'on', authentication: 'on', tls: 'on', 'encryption-at-rest': 'on' },
      observed: { network: 'on', authentication: 'on', tls: 'on' },
      auth: 'auth-required',
      product: 'Elasticsearch',
      version: '7.4.2',
      tls: CERTIFIED,
    },
    '2019-12-08T23:59:04.118Z',
  ),
  reportEndpoint(
    CACHE,
    {
      verdict: 'exposed',
      why: 'PING was answered without a password',
      shadow: true,
      declared: { network: 'on', authentication: 'on', tls: 'off' },
      observed: { network: 'off', authentication: 'off', tls: 'off' },
      auth: 'open-anonymous',
      product: 'Redis',
      version: '5.0.7',
    },
    '2019-12-08T23:58:51.004Z',
  ),
  reportEndpoint(
    ORDERS,
    {
      verdict: 'protected',
      why: 'refused from aws-eu-west-1',
      declared: {},
      observed: { network: 'on', tls: 'partial' },
      auth: 'auth-required',
      product: 'MySQL',
      version: '5.7.28',
      tls: SELF_SIGNED,
    },
    '2019-12-08T02:10:00.551Z',
  ),
  reportEndpoint(
    REPLICA,
    {
      verdict: 'reachable',
      why: 'SCRAM-SHA-256 is demanded of a stranger',
      declared: { network: 'partial', authentication: 'on', tls: 'on', 'encryption-at-rest': 'on', 'audit-log': 'on' },
      observed: { network: 'off', authentication: 'on', tls: 'on' },
      auth: 'auth-required',
      product: 'PostgreSQL',
      tls: CERTIFIED,
    },
    '2019-12-08T23:57:40.230Z',
  ),
  reportEndpoint(
    BILLING,
    {
      verdict: 'protected',
      why: 'no route from a vantage that has routes',
      declared: { network: 'on', authentication: 'on', tls: 'on', 'encryption-at-rest': 'on', 'audit-log': 'on' },
      observed: { network: 'on' },
      auth: 'undetermined',
    },
    '2019-12-08T23:57:41.802Z',
  ),
  reportEndpoint(EVENTS, {
    verdict: 'latent',
    why: 'the access policy allows everyone; nothing answered yet',
    confirmed: false,
    declared: { network: 'off', authentication: 'on', 'access-policy': 'off', tls: 'on', 'encryption-at-rest': 'off' },
    observed: {},
    auth: 'undetermined',
  }),
  reportEndpoint(FEEDBACK, {
    verdict: 'unknown',
    why: 'nothing conclusive was seen',
    confirmed: false,
    declared: { network: 'on', authentication: 'partial' },
    observed: {},
    auth: 'undetermined',
  }),
];
