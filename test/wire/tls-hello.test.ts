/** The hello of an old client and what a server's first flight says to it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldHello, readOldReply } from '../../lib/wire/tls-hello.ts';

const RANDOM = Buffer.alloc(32, 7);
const record = (type: number, body: Buffer, version = 0x0302): Buffer =>
  Buffer.concat([Buffer.from([type, version >> 8, version & 0xff, body.length >> 8, body.length & 0xff]), body]);
const message = (type: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, 0, body.length >> 8, body.length & 0xff]), body]);
const serverHello = (version: number): Buffer =>
  message(2, Buffer.concat([Buffer.from([version >> 8, version & 0xff]), RANDOM, Buffer.from([0, 0xc0, 0x14, 0])]));
const DONE = message(14, Buffer.alloc(0));
const CERTIFICATE = message(11, Buffer.alloc(900, 1));
const FLIGHT = record(0x16, Buffer.concat([serverHello(0x0302), CERTIFICATE, DONE]));
const alert = (description: number, level = 2): Buffer => record(0x15, Buffer.from([level, description]));

describe('the hello', () => {
  it('is one record that says TLS 1.1 at most, with the name where there is one', () => {
    const hello = oldHello(RANDOM, 'db.example.test');
    expect(hello.subarray(0, 3).toString('hex')).toBe('160301');
    expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
    expect(hello[5]).toBe(1);
    expect(hello.readUInt16BE(7)).toBe(hello.length - 9);
    expect(hello.subarray(9, 11).toString('hex')).toBe('0302');
    expect(hello.includes('db.example.test')).toBe(true);
    expect(oldHello(RANDOM).includes('db.example.test')).toBe(false);
    expect(oldHello(RANDOM, 'a'.repeat(253)).length).toBeLessThan(512);
  });

  it('is to the byte what RFC 4346, 6066 and 8422 say', () => {
    const suites = '0016 c014c00ac013c009003900330035002fc012000a00ff';
    const groups = '000a 000a 0008 001d 0017 0018 0019';
    const points = '000b 0002 01 00';
    const head = (message: string, body: string): string =>
      `16 0301 ${message} 01 00${body} 0302 ${'07'.repeat(32)} 00`;
    const bytes = (text: string): string => text.replaceAll(' ', '');
    expect(oldHello(RANDOM).toString('hex')).toBe(
      bytes(`${head('0057', '0053')} ${suites} 0100 0014 ${groups} ${points}`),
    );
    expect(oldHello(RANDOM, 'db').toString('hex')).toBe(
      bytes(`${head('0062', '005e')} ${suites} 0100 001f 0000 0007 0005 00 0002 6462 ${groups} ${points}`),
    );
  });
});

describe('the reply', () => {
  it.each([
    ['a whole flight of TLS 1.1', FLIGHT, 'accepted'],
    [
      'one of TLS 1.0, a message a record',
      Buffer.concat([record(0x16, serverHello(0x0301)), record(0x16, CERTIFICATE), record(0x16, DONE)]),
      'accepted',
    ],
    ['protocol_version', alert(70), 'refused'],
    ['handshake_failure', alert(40), 'refused'],
    ['insufficient_security', alert(71), 'refused'],
    ['a name that it does not know', alert(112), 'unknown'],
    ['its own fault', alert(80), 'unknown'],
    [
      'a flight that ends in an alert: it could not sign',
      Buffer.concat([record(0x16, Buffer.concat([serverHello(0x0302), CERTIFICATE])), alert(80)]),
      'unknown',
    ],
    ['a version that was not offered', record(0x16, Buffer.concat([serverHello(0x0303), DONE])), 'unknown'],
    ['the end before the beginning', record(0x16, DONE), 'unknown'],
    ['two beginnings', record(0x16, Buffer.concat([serverHello(0x0302), serverHello(0x0302)])), 'unknown'],
    ['plaintext', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'unknown'],
    ['an empty record', record(0x16, Buffer.alloc(0)), 'unknown'],
    [
      'a record of a version that never was',
      record(0x16, Buffer.concat([serverHello(0x0302), DONE]), 0x0202),
      'unknown',
    ],
    ['application data', record(0x17, alert(70)), 'unknown'],
    ['half an alert', record(0x15, Buffer.from([2])), 'unknown'],
    ['a record longer than any may be', Buffer.from('160302ffff', 'hex'), 'unknown'],
    ['a record of the greatest length', Buffer.from('1603024000', 'hex'), 'more'],
    ['a record of one byte more', Buffer.from('1603024001', 'hex'), 'unknown'],
    ['a hello too short for a version', record(0x16, Buffer.concat([message(2, Buffer.from([3])), DONE])), 'unknown'],
    [
      'a hello of nothing but a version',
      record(0x16, Buffer.concat([message(2, Buffer.from([3, 1])), DONE])),
      'accepted',
    ],
    ['a message of 64 KiB and more', record(0x16, Buffer.from('02010000' + '0302', 'hex')), 'more'],
    ['the end without its beginning in the same record', record(0x16, Buffer.concat([CERTIFICATE, DONE])), 'unknown'],
    ['nothing yet', Buffer.alloc(0), 'more'],
  ] as const)('%s', (_, bytes, said) => {
    expect(readOldReply(bytes)).toBe(said);
  });

  it('is not known before the last byte of the flight, wherever it is cut', () => {
    for (let i = 0; i < FLIGHT.length; i++) expect(readOldReply(FLIGHT.subarray(0, i))).toBe('more');
  });

  it('of any bytes is one of the four', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(FLIGHT, alert(70), record(0x16, serverHello(0x0302)), record(0x16, DONE)),
      fc
        .tuple(fc.constantFrom(0x15, 0x16, 0x17), fc.uint8Array({ maxLength: 64 }))
        .map(([type, body]) => record(type, Buffer.from(body))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect(['accepted', 'refused', 'unknown', 'more']).toContain(readOldReply(Buffer.concat(pieces)));
      }),
      { numRuns: 10_000 },
    );
  });
});
