/** The file of `ajar replay`: what it may say, and what is said of a mistake in it. */
import { describe, expect, it } from 'vitest';
import { parseHistory } from '../../../lib/runtime/replay/replay.ts';
import { HISTORY } from '../../support/an-afternoon.ts';

describe('a history', () => {
  it('is read as it is written', () => {
    expect(parseHistory(HISTORY, 'h.yaml')).toMatchObject({ name: 'an-afternoon', endpoints: [{ id: 'search' }] });
  });

  it.each([
    ['an unknown key', 'port: 443', 'port: 443\n    colour: red', /13:5: unknown key "colour": remove it/],
    ['a level that is none', 'network: on', 'network: maybe', /must be on, partial, off or unknown/],
    ['a service that is none', 'service: opensearch', 'service: openserch', /10:5: is no collector of ajar: one of/],
    ['an endpoint that is none', 'endpoint: search', 'endpoint: serch', /16:\d+: .*is none of endpoints: add it there/],
    ['an instant outside', '12:20:10Z', '14:20:10Z', /lies outside of from and until: move it inside/],
    [
      'an account that is not listed',
      "accounts: [{ id: '1111",
      "accounts: [{ id: '9999",
      /is none of accounts: add it there/,
    ],
    ['no time at all', 'until: 2026-05-04T13', 'until: 2026-05-04T11', /is not after from: give a later instant/],
    [
      'a MySQL that lets anyone in, which nobody could see',
      'engine: opensearch\n    port: 443\n    declared: { network: on }\n    observed: { door: refused }',
      'engine: mysql\n    port: 3306\n    observed: { door: open, authentication: off }',
      /never logs in, so it cannot see that/,
    ],
    [
      'an event that the table does not know',
      'authentication: off } }',
      'authentication: off }, trail: { call: ListDomainNames } }',
      /is no event that ajar would look at/,
    ],
  ])('refuses %s with line and cure', (_, from, to, message) => {
    const wrong = HISTORY.replace(from, to);
    expect(wrong).not.toBe(HISTORY);
    expect(() => parseHistory(wrong, 'h.yaml')).toThrow(message);
    expect(() => parseHistory(wrong, 'h.yaml')).toThrow(/h\.yaml:\d+:\d+: /);
  });

  it('bounds what a file may ask for', () => {
    const event = HISTORY.split('\n').at(-2) ?? '';
    const many = HISTORY + `${event}\n`.repeat(200);
    expect(() => parseHistory(many, 'h.yaml')).toThrow(/more than 200 events/);
    const long = HISTORY.replace('until: 2026', 'until: 2028');
    expect(() => parseHistory(long, 'h.yaml')).toThrow(/is more than 400 days after from/);
    expect(() => parseHistory(`#${'x'.repeat(1_048_576)}`, 'h.yaml')).toThrow(/h\.yaml:1:1/);
  });
});
