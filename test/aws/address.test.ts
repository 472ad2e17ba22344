import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../lib/aws/address.ts';

describe('addresses as AWS writes them', () => {
  it.each([
    ['https://a1b2.us-east-1.aoss.amazonaws.com', 443, 'a1b2.us-east-1.aoss.amazonaws.com', 443],
    ['https://a1b2.us-east-1.aoss.amazonaws.com/_dashboards', 443, 'a1b2.us-east-1.aoss.amazonaws.com', 443],
    ['amqp+ssl://b-1.mq.us-east-1.amazonaws.com:5671', 0, 'b-1.mq.us-east-1.amazonaws.com', 5671],
    ['ssl://b-1.mq.us-east-1.amazonaws.com:61617', 0, 'b-1.mq.us-east-1.amazonaws.com', 61617],
    ['wss://b-1.mq.us-east-1.amazonaws.com:61619', 443, 'b-1.mq.us-east-1.amazonaws.com', 61619],
    ['https://b-1.mq.us-east-1.amazonaws.com:8162', 443, 'b-1.mq.us-east-1.amazonaws.com', 8162],
    ['b-1-public.demo.kafka.us-east-1.amazonaws.com:9194', 0, 'b-1-public.demo.kafka.us-east-1.amazonaws.com', 9194],
    ['logs-x.us-east-1.osis.amazonaws.com', 443, 'logs-x.us-east-1.osis.amazonaws.com', 443],
    ['10.0.0.7:9092', 0, '10.0.0.7', 9092],
  ])('%s', (text, fallback, host, port) => {
    expect(addressOf(text, fallback)).toEqual({ host, port });
  });

  it.each([
    undefined,
    '',
    'https://',
    'ssl://:61617',
    'host with spaces',
    'ssl://ho st:1',
    'ssl://h%00st:1',
    'ssl://-:1',
    'host:99999',
    `https://${'a'.repeat(3_000)}`,
  ])('takes %j for no address', (text) => {
    expect(addressOf(text, 443)).toBeUndefined();
  });

  it('never lets through what is no plain host and port, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.constantFrom('', 'ssl://', 'https://'), (text, scheme) => {
        const at = addressOf(scheme + text, 443);
        if (at === undefined) return;
        expect(at.host).toMatch(/^[a-z0-9_.-]{1,254}$/i);
        expect(at.port).toBeGreaterThanOrEqual(0);
        expect(at.port).toBeLessThanOrEqual(65_535);
      }),
    );
  });
});
