import { describe, expect, it } from 'vitest';
import { EXPECTED } from '../expected.ts';
import type { EngineKind } from '../engine.ts';
import { readNmap } from './nmap.ts';
import { judgeDoor, truthOf } from './truth.ts';
import { readWords } from './words.ts';

/** As nmap 7.93 printed them of this fleet, shortened. */
const PRINTED: readonly (readonly [string, EngineKind, string, ReturnType<typeof readWords>])[] = [
  [
    'a script that read the protocol to its end names the product, and an open door',
    'redis',
    '<service name="redis" product="Redis key-value store" version="7.0.15" extrainfo="64 bits" method="probed" conf="10"/><script id="redis-info" output="&#xa;  Version: 7.0.15&#xa;  Role: master"><elem key="Version">7.0.15</elem></script>',
    { product: 'right', door: 'open', words: 'redis Redis key-value store 7.0.15 64 bits' },
  ],
  [
    'the name registered for a port number is no observation',
    'influxdb',
    '<service name="d-s-n" servicefp="SF-Port8086-TCP:V=7.93%r(GetRequest,E6,&quot;X-Influxdb-Version:\\x201&quot;)" method="table" conf="3"/>',
    { product: 'unknown', door: undefined, words: 'unknown' },
  ],
  [
    'the name of a web server is true and no product',
    'solr',
    '<service name="http" product="Jetty" version="10.0.26" method="probed" conf="10"/><script id="http-title" output="Error 404 Not Found"/>',
    { product: 'unknown', door: undefined, words: 'http Jetty 10.0.26' },
  ],
  [
    'another product is wrong',
    'tarantool',
    '<service name="ftp" product="vsftpd" method="probed" conf="10"/>',
    { product: 'wrong', door: undefined, words: 'ftp vsftpd' },
  ],
  [
    'another protocol is wrong (Elasticsearch 7.17, truly)',
    'elasticsearch',
    '<service name="rtsp" method="probed" conf="10"/>',
    { product: 'wrong', door: undefined, words: 'rtsp' },
  ],
  [
    'a page title may name the product',
    'rabbitmq',
    '<service name="http" product="Cowboy httpd" method="probed" conf="10"/><script id="http-title" output="RabbitMQ Management"/>',
    { product: 'right', door: undefined, words: 'http Cowboy httpd' },
  ],
  [
    'a 401 asks for credentials',
    'nginx',
    '<service name="http" product="nginx" version="1.22.1" method="probed" conf="10"/><script id="http-auth" output="&#xa;HTTP/1.1 401 Unauthorized&#xd;&#xa;  Basic realm=OpenSearch Security&#xa;"/>',
    { product: 'right', door: 'demanded', words: 'http nginx 1.22.1' },
  ],
  [
    'MariaDB that turns an address away',
    'mysql',
    '<service name="mysql" product="MariaDB" extrainfo="unauthorized" method="probed" conf="10"/>',
    { product: 'right', door: 'refused', words: 'mysql MariaDB unauthorized' },
  ],
  [
    'a script that failed says nothing',
    'cassandra',
    '<service name="cassandra" method="table" conf="3"/><script id="cassandra-info" output="Error getting cluster name: error in communication"/>',
    { product: 'unknown', door: undefined, words: 'unknown' },
  ],
];

describe('what nmap prints', () => {
  it.each(PRINTED)('%s', (_sentence, kind, inside, said) => {
    const port = readNmap(
      `<nmaprun><host><ports><port protocol="tcp" portid="1">${inside}</port></ports></host></nmaprun>`,
    );
    expect(readWords(kind, port)).toEqual(said);
  });

  it('is nothing when it gave the host up', () => {
    expect(readWords('redis', readNmap('<nmaprun><host timedout="true"></host></nmaprun>'))).toMatchObject({
      product: 'unknown',
      door: undefined,
    });
  });
});

describe('what is behind an endpoint', () => {
  it('is known of every engine of the fleet', () => {
    expect(Object.keys(EXPECTED).map((id) => truthOf(id))).not.toContain(undefined);
  });

  it('is right, wrong, not said, or nothing that could be said', () => {
    expect(judgeDoor('redis-open', 'open')).toBe('right');
    expect(judgeDoor('redis-password', 'open')).toBe('wrong');
    expect(judgeDoor('redis-password', undefined)).toBe('not said');
    expect(judgeDoor('balancer-no-backend', undefined)).toBe('no door');
    expect(judgeDoor('balancer-no-backend', 'open')).toBe('wrong');
  });
});
