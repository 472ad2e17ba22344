import { describe, expect, it } from 'vitest';
import { MESSAGE_BYTES, noticeJson, utf8Bytes } from '../../lib/sinks/notice-json.ts';
import { testNotice } from '../../lib/sinks/test-notice.ts';
import { anIncident, aNotice } from '../support/builders.ts';

const { endpoint } = aNotice();
const addresses = Array.from({ length: 5_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);

describe('a notice as JSON', () => {
  it('is the whole notice where that fits', () => {
    expect(JSON.parse(noticeJson(aNotice()))).toEqual({ schemaVersion: 1, ...aNotice() });
  });

  it('says of a test that it is one, and of nothing else', () => {
    expect(JSON.parse(noticeJson(testNotice(new Date(0))))).toMatchObject({ isTest: true });
    expect(JSON.parse(noticeJson(aNotice()))).not.toHaveProperty('isTest');
  });

  it('says how much of which list was left out', () => {
    const also = Array.from({ length: 60 }, (_, i) => anIncident({ id: `i${i}` }));
    const notice = aNotice({ also, endpoint: { ...endpoint, addresses } });
    expect(JSON.parse(noticeJson(notice))).toMatchObject({
      truncated: true,
      omitted: { also: '+10 more, see report', addresses: '+4984 more, see report' },
      endpoint: { addresses: addresses.slice(0, 16) },
    });
  });

  it('keeps every line of an alert, the last one too, when only lines are left', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `LINE ${i}`);
    const name = 'n'.repeat(MESSAGE_BYTES);
    expect(JSON.parse(noticeJson(aNotice({ lines, endpoint: { ...endpoint, name } })))).toMatchObject({ lines });
  });

  it('fits to the byte: one more byte of room changes nothing, one less takes the next form', () => {
    const bytes = utf8Bytes(noticeJson(aNotice({ subject: 'zürich \u{1f513}' })));
    const at = (room: number) => JSON.parse(noticeJson(aNotice({ subject: 'zürich \u{1f513}' }), { bytes: room }));
    expect(at(bytes)).not.toHaveProperty('truncated');
    expect(at(bytes - 1)).toHaveProperty('truncated', true);
  });

  it('counts what it will be part of', () => {
    const within = (json: string): string => JSON.stringify({ default: json });
    const bytes = utf8Bytes(within(noticeJson(aNotice())));
    expect(JSON.parse(noticeJson(aNotice(), { bytes, within }))).not.toHaveProperty('truncated');
    expect(JSON.parse(noticeJson(aNotice(), { bytes: bytes - 1, within }))).toHaveProperty('truncated', true);
  });

  it('holds nothing that XML forbids or a terminal obeys', () => {
    const name = '\u0000\u001b\u007f\u009b\ufffe\uffff\ud800\u2028';
    const json = noticeJson(aNotice({ endpoint: { ...endpoint, name } }));
    expect(json).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(json)).toMatchObject({ endpoint: { name } });
  });
});
