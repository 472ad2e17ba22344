/** Covers lib/events/normalise.ts: whatever arrives, the answer is one of three, and bounded. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_TOUCHED } from '../../lib/events/expand.ts';
import { normalise } from '../../lib/events/normalise.ts';
import { TABLE } from '../../lib/events/table.ts';
import { MAX_DEPENDENCY_KEY } from '../../lib/model/change.ts';
import { aRecord, NOW } from './sample.ts';

const MAX_CHANGE_CHARS = MAX_TOUCHED * (MAX_DEPENDENCY_KEY + 3) + 20 * 256 * 2 + 8_000;

function check(event: unknown): void {
  const normalised = normalise(event, NOW);
  expect(normalise(event, NOW)).toEqual(normalised);
  if (normalised.kind !== 'change') {
    expect(normalised.why.length).toBeLessThan(400);
    expect(normalised.why).toMatch(/^[^\p{Cc}]+$/u);
    return;
  }
  const { change } = normalised;
  expect(JSON.stringify(change).length).toBeLessThan(MAX_CHANGE_CHARS);
  expect(change.touched.length).toBeLessThanOrEqual(MAX_TOUCHED);
  expect([...new Set(change.touched)].toSorted()).toEqual(change.touched);
  for (const key of change.touched) expect(key).toMatch(/^[a-z0-9-]+:[\w.\-/#:@+=]{1,512}$/);
  expect(change.services.length).toBeGreaterThan(0);
  expect(JSON.stringify(change)).toMatch(/^[^\p{Cc}]*$/u);
}

const HOSTILE = [
  '\u001b[2J',
  '\r\nSet-Cookie: x',
  '\u202e',
  '__proto__',
  'x'.repeat(100_000),
  'sg-0a1b2c3d',
  'arn:aws:rds:a:b:db:c',
];
const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string(), fc.string({ unit: 'binary' }));
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.boolean(),
    fc.double(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('groupId', 'items', 'arn', 'userName', 'sessionContext', '__proto__'), text),
      tie('value'),
      { maxKeys: 6 },
    ),
  ),
})).value;

const row = fc.constantFrom(...TABLE);
const record = fc
  .tuple(row, fc.nat(), json, json, json, fc.dictionary(fc.constantFrom(...Object.keys(aRecord())), json))
  .map(([{ source, names, paths }, n, request, value, identity, over]) => {
    const named = Object.fromEntries(paths.map((path) => [path.replace(/^W\./, '').split('.')[0] ?? '', value]));
    return aRecord({
      eventSource: source,
      eventName: names[n % names.length],
      requestParameters: n % 2 === 0 ? named : request,
      userIdentity: identity,
      ...(n % 3 === 0 ? over : {}),
    });
  });

it('anything at all is a change, ignored or malformed', () => {
  fc.assert(fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), check));
});

it('any JSON is, as a value and as text, bare or in an envelope', () => {
  fc.assert(
    fc.property(json, (value) => {
      check(value);
      check(JSON.stringify(value));
      check({ source: 'aws.x', 'detail-type': 'AWS API Call via CloudTrail', detail: value });
    }),
  );
});

it('any record of an event of the table is, whatever its parameters and its caller are', () => {
  fc.assert(fc.property(record, check), { numRuns: 1_000 });
});

it('a record that fills a whole message takes no time', () => {
  const many = { ...aRecord({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' }) };
  const items = Array.from({ length: 20_000 }, () => ({ instanceId: 'i-0a1b2c3d4e5f60718' }));
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
  const deep = '{"groupId":'.repeat(50_000) + '1' + '}'.repeat(50_000);
  const start = performance.now();
  check({ ...many, responseElements: { instancesSet: { items } } });
  check({ ...many, requestParameters: wide, responseElements: wide });
  check({ ...many, requestParameters: JSON.parse(deep) as unknown, userIdentity: { arn: 'x'.repeat(1_000_000) } });
  // A loaded machine takes its time; what grows with the square of the record takes minutes.
  expect(performance.now() - start).toBeLessThan(10_000);
}, 30_000);

it('pollutes nothing', () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as object;
  check({ ...aRecord(), requestParameters: hostile, userIdentity: hostile });
  check(hostile);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
