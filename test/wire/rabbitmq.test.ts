/** Connection.Start, field by field; whole visits are in test/probes/rabbitmq.test.ts. */
import { describe, expect, it } from 'vitest';
import { FRAME_HEAD, frameLength, isHeader, parseStart, PROTOCOL_HEADER } from '../../lib/wire/rabbitmq.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const long = (text: string | Buffer): Buffer => Buffer.concat([u32(text.length), Buffer.from(text)]);
const property = (name: string, type: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([name.length]), Buffer.from(name + type), value]);
const text = (name: string, value: string): Buffer => property(name, 'S', long(value));
/** Method 10.10, version 0-9, properties, mechanisms, end mark. */
const start = (properties: readonly Buffer[], mechanisms = 'PLAIN AMQPLAIN', method = '000a000a', end = 'ce'): Buffer =>
  Buffer.concat([hex(method), hex('0009'), long(Buffer.concat(properties)), long(mechanisms), long('en_US'), hex(end)]);
const [PRODUCT, VERSION] = [text('product', 'RabbitMQ'), text('version', '3.10.8')];
const seen = { product: 'RabbitMQ', version: '3.10.8', mechanisms: ['PLAIN', 'AMQPLAIN'] };

describe('the head of a frame', () => {
  it.each([
    ['01 0000 00000000', 1],
    ['01 0000 000001f4', 501],
    ['01 0000 00002000', 8_193],
  ])('%s', (head, bytes) => {
    expect(hex(head)).toHaveLength(FRAME_HEAD);
    expect(frameLength(hex(head))).toBe(bytes);
  });

  it.each([
    ['02 0000 000001f4', 'malformed', 'not a method frame of channel 0'],
    ['01 0001 000001f4', 'malformed', 'not a method frame of channel 0'],
    ['41 4d51 50000009', 'malformed', 'not a method frame of channel 0'],
    ['01 0000 00002001', 'limit', 'a first frame of 8193 bytes'],
    ['01 0000 0000', 'truncated', 'wanted 4 bytes, 2 left'],
  ])('%s is none: %s', (head, reason, message) => {
    expect(() => frameLength(hex(head))).toThrow(refusal(reason, message));
  });

  it('may be the header of another version instead', () => {
    expect(PROTOCOL_HEADER).toEqual(hex('414d5150 00000901'));
    for (const header of ['AMQP', 'AMQP\x03\x01']) expect(isHeader(Buffer.from(header)), header).toBe(true);
    for (const other of ['', 'AMQ', 'amqp', 'xAMQP']) expect(isHeader(Buffer.from(other)), other).toBe(false);
  });
});

describe('Connection.Start', () => {
  const many = (count: number) => Array.from({ length: count }, () => property('x', 't', hex('01')));
  it.each<[string, Buffer, object]>([
    ['of a RabbitMQ', start([PRODUCT, VERSION]), seen],
    [
      'behind properties of every type that can be skipped',
      start([
        property('capabilities', 'F', long(property('a', 't', hex('01')))),
        property('b', 't', hex('01')),
        property('i', 'I', hex('00000001')),
        property('l', 'l', hex('0000000000000001')),
        property('t', 'T', hex('0000000000000001')),
        PRODUCT,
        VERSION,
      ]),
      seen,
    ],
    [
      'up to a property that cannot be',
      start([PRODUCT, property('d', 'D', hex('0000000001')), VERSION]),
      { ...seen, version: '' },
    ],
    ['without properties', start([]), { ...seen, product: '', version: '' }],
    ['behind 62 properties', start([...many(62), PRODUCT, VERSION]), seen],
    ['behind 63', start([...many(63), PRODUCT, VERSION]), { ...seen, version: '' }],
    [
      'of a long product',
      start([text('product', 'p'.repeat(41)), VERSION]),
      { ...seen, product: `${'p'.repeat(39)}…` },
    ],
    [
      'of a long version',
      start([PRODUCT, text('version', 'v'.repeat(41))]),
      { ...seen, version: `${'v'.repeat(39)}…` },
    ],
    ['of a text of 4 KiB', start([text('product', ' '.repeat(4_096)), VERSION]), { ...seen, product: '…' }],
    ['of a text beyond', start([text('product', 'p'.repeat(4_097)), VERSION]), { ...seen, product: '' }],
    ['without a mechanism', start([PRODUCT, VERSION], ''), { ...seen, mechanisms: [] }],
    [
      'of names that are none',
      start([PRODUCT, VERSION], 'PLAIN <b> EXTERNAL-1 \u0000'),
      { ...seen, mechanisms: ['PLAIN', 'EXTERNAL-1'] },
    ],
    [
      'of long names',
      start([PRODUCT, VERSION], `${'M'.repeat(40)} ${'M'.repeat(41)} ${'-'.repeat(171)}PLAIN`),
      { ...seen, mechanisms: ['M'.repeat(40)] },
    ],
    [
      'of 256 bytes of names',
      start([PRODUCT, VERSION], `${' '.repeat(251)}PLAINER`),
      { ...seen, mechanisms: ['PLAIN'] },
    ],
  ])('%s', (_name, frame, expected) => {
    expect(parseStart(frame)).toEqual(expected);
  });

  it.each<[string, Buffer, string]>([
    ['another method', start([], '', '000a000b'), 'not Connection.Start'],
    ['another class', start([], '', '000b000a'), 'not Connection.Start'],
    ['another end', start([], '', '000a000a', 'cf'), 'a frame without its end mark'],
    ['nothing', Buffer.alloc(0), 'a frame without its end mark'],
  ])('with %s is none', (_name, frame, message) => {
    expect(() => parseStart(frame)).toThrow(refusal('malformed', message));
  });

  it('cut at any byte is none', () => {
    const whole = start([PRODUCT, VERSION]);
    // Locales, the last field, are not read.
    for (let length = 0; length < whole.length - 1 - long('en_US').length; length++) {
      const part = Buffer.concat([whole.subarray(0, length), hex('ce')]);
      expect(() => parseStart(part), `${length}`).toThrow(refusal('truncated', expect.stringContaining('wanted')));
    }
  });

  it('whose properties end within one is none', () => {
    for (const broken of [
      Buffer.from([9]),
      hex('0161'),
      hex('016153000000'),
      hex('01615300000002 61'),
      hex('016149'),
    ]) {
      expect(() => parseStart(start([broken])), broken.toString('hex')).toThrow(
        refusal('truncated', expect.stringContaining('wanted')),
      );
    }
  });
});
