/** Firebird as far as the answer to op_connect, and what is none; whole visits are in test/probes/firebird.test.ts. */
import { describe, expect, it } from 'vitest';
import { CONNECT, isReplyStart, readReply } from '../../lib/wire/firebird.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const int = (...values: readonly number[]): string =>
  values.map((value) => value.toString(16).padStart(8, '0')).join('');
function read(text: string) {
  const bytes = hex(text);
  let at = 0;
  return readReply((count) => {
    const found = bytes.subarray(at, (at += count));
    return found.length === count ? Promise.resolve(found) : Promise.reject(new Error('the stream ended'));
  });
}

it('connects to a database that is none, as nobody, by protocols 10 and 13', () => {
  const name = Buffer.from('exposure-probe\0\0').toString('hex');
  const protocols = int(10, 1, 0, 5, 2, 0x800d, 1, 0, 5, 4);
  expect(CONNECT).toEqual(hex(`${int(1, 19, 3, 1, 14)}${name}${int(2, 0)}${protocols}`));
});

it('an answer may be told by its first bytes', () => {
  const known = [1, 3, 4, 9, 19, 92, 94, 98];
  const starts = Array.from({ length: 256 }, (_, operation) => operation).filter((operation) =>
    isReplyStart(hex(int(operation))),
  );
  expect(starts).toEqual(known);
  expect(['', '00', '0000', '000000'].map((head) => isReplyStart(hex(head)))).toEqual(Array(4).fill(true));
  expect(['01', '0001', '000001', '01000003', '00010003', '00000103'].map((head) => isReplyStart(hex(head)))).toEqual(
    Array(6).fill(false),
  );
});

describe('an answer', () => {
  it.each([
    [int(3, 10, 1, 5), 10],
    [int(94, 0x800d, 1, 5), 13],
    [int(98, 0x800d, 1, 5), 13],
    // A sign extended to four bytes.
    [int(94, 0xffff800d, 1, 5), 13],
  ])('%s accepts protocol %d', async (bytes, protocol) => {
    expect(await read(bytes)).toEqual({ kind: 'accept', protocol });
  });

  it.each([int(3, 11, 1, 5), int(3, 13, 1, 5), int(3, 0x800a, 1, 5), int(3, 10, 2, 5), int(94, 0, 1, 5)])(
    '%s accepts what was not offered',
    async (bytes) => {
      await expect(read(bytes)).rejects.toEqual(refusal('malformed', 'accepts what was not offered'));
    },
  );

  it('rejects', async () => {
    expect(await read(int(4))).toEqual({ kind: 'reject' });
  });

  it('asks who it is, with four strings, each filled up to four bytes', async () => {
    const strings = `${int(0)}${int(3)}61626300${int(4)}61626364${int(5)}6162636465000000`;
    expect(await read(`${int(92)}${strings}`)).toEqual({ kind: 'continue-auth' });
    await expect(read(`${int(92)}${strings.slice(0, -2)}`)).rejects.toThrow('the stream ended');
  });

  it('is an error of Firebird', async () => {
    const before = `${int(9)}${'00'.repeat(12)}${int(2)}61620000`;
    expect(await read(`${before}${int(1, 0x14000162)}`)).toEqual({ kind: 'error', code: 0x14000162 });
    for (const [argument, code] of [
      [2, 0x14000162],
      [1, 0x13000162],
      [1, 0x15000162],
      [1, 0],
    ] as const)
      await expect(read(`${before}${int(argument, code)}`)).rejects.toEqual(
        refusal('malformed', 'no status of Firebird'),
      );
  });

  it('of another operation is none', async () => {
    for (const operation of [0, 1, 2, 19, 93, 0x48545450])
      await expect(read(int(operation))).rejects.toEqual(refusal('malformed', `operation ${operation}`));
  });

  it('with a string of more than 4 KiB is refused before it is taken', async () => {
    await expect(read(`${int(92, 4_097)}`)).rejects.toEqual(refusal('limit', 'string of 4097 bytes'));
    await expect(read(`${int(92, 4_096)}`)).rejects.toThrow('the stream ended');
    expect(await read(`${int(92, 4_096)}${'61'.repeat(4_096)}${int(0, 0, 0)}`)).toEqual({ kind: 'continue-auth' });
  });

  it('cut anywhere has not come', async () => {
    for (const whole of [int(3, 10, 1, 5), `${int(9)}${'00'.repeat(12)}${int(0, 1, 0x14000162)}`])
      for (let length = 0; length < whole.length; length += 2)
        await expect(read(whole.slice(0, length)), `${length}`).rejects.toThrow('the stream ended');
  });
});
