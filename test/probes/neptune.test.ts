import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStatus } from '../../lib/wire/neptune.ts';

const reply = (status: number, body: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(body),
  truncated: false,
});

describe("Neptune's status", () => {
  it('needs two marks: a health page of something else is none of it', () => {
    expect(readStatus(reply(200, '{"status":"healthy"}'))).toBeUndefined();
    expect(readStatus(reply(200, '{"status":"healthy","role":"writer"}'))).toBeUndefined();
    expect(readStatus(reply(200, '{"status":"healthy","role":"writer","dbEngineVersion":"1.2"}'))?.row).toBe('status');
  });

  it('refused in words that are not of IAM says nothing', () => {
    expect(readStatus(reply(403, '{"message":"Forbidden"}'))).toBeUndefined();
    expect(readStatus(reply(500, '{"code":"AccessDeniedException"}'))).toBeUndefined();
  });

  it('refused by the front of a graph is read from its header', () => {
    const headed = reply(403, '', { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/' });
    expect(readStatus(headed)).toMatchObject({ row: 'denied', markers: 2 });
  });

  it('is read or not, whatever it holds, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(200, 401, 403, 500), (text, status) => {
        expect(readStatus(reply(status, text))?.markers ?? 2).toBeLessThanOrEqual(3);
      }),
      { numRuns: 10_000 },
    );
  });
});
