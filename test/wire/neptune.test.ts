/** Neptune's status page, mark by mark; more of it in test/probes/neptune.test.ts. */
import { describe, expect, it } from 'vitest';
import { type NeptuneReading, readStatus } from '../../lib/wire/neptune.ts';
import { page } from '../support/recorded-site.ts';

const HEALTH = {
  status: 'healthy',
  dbEngineVersion: '1.2.1.0.R2',
  role: 'writer',
  gremlin: { version: 'tinkerpop-3.6.2' },
  sparql: { version: 'sparql-1.1' },
};
const status = (markers: number, version = HEALTH.dbEngineVersion): NeptuneReading => ({
  row: 'status',
  markers,
  version,
});

describe('a status that answers anyone', () => {
  it.each<[string, object, NeptuneReading | undefined]>([
    ['whole', {}, status(3)],
    ['of a reader', { role: 'reader' }, status(3)],
    ['with Gremlin alone', { sparql: undefined }, status(3)],
    ['with SPARQL alone', { gremlin: undefined }, status(3)],
    ['without a language', { gremlin: undefined, sparql: {} }, status(2)],
    ['in another role', { role: 'primary' }, status(2)],
    ['without a health', { status: '' }, status(2)],
    ['without a version', { dbEngineVersion: '' }, status(2, '')],
    ['with a version that is no text', { dbEngineVersion: 1.2 }, status(2, '')],
    ['in another role and without a language', { role: 'leader', gremlin: {}, sparql: {} }, undefined],
    ['in another role and without a version', { role: 'leader', dbEngineVersion: '' }, undefined],
    ['of a language alone', { role: '', status: undefined }, undefined],
  ])('%s', (_name, over, expected) => {
    expect(readStatus(page({ ...HEALTH, ...over }))).toEqual(expected);
  });

  it('cut by our own cap is read up to the last text that came whole, by the peer not at all', () => {
    const body = Buffer.from('{"status":"healthy","role":"reader","dbEngineVersion":"1.2","gremlin":{"version":"tink');
    expect(readStatus({ ...page(''), body, truncated: true })).toEqual(status(2, '1.2'));
    expect(readStatus({ ...page(''), body })).toBeUndefined();
  });

  it('is none with another status', () => {
    for (const code of [201, 404, 500]) expect(readStatus(page(HEALTH, code))).toBeUndefined();
  });
});

describe('a refusal', () => {
  const engine = { requestId: '1', detailedMessage: 'Missing Authentication Token' };
  const typed = (type: string) => ({ 'x-amzn-errortype': type });

  it.each<[string, object, Record<string, string>, NeptuneReading['row'] | undefined, number]>([
    ['of the engine', { ...engine, code: 'MissingAuthenticationTokenException' }, {}, 'signature-demanded', 2],
    ['of the engine to this caller', { ...engine, code: 'AccessDeniedException' }, {}, 'denied', 2],
    ['with an empty detail', { ...engine, detailedMessage: '', code: 'AccessDenied' }, {}, 'denied', 2],
    ['without a request', { ...engine, requestId: '', code: 'AccessDenied' }, {}, 'denied', 1],
    ['without a detail', { requestId: '1', code: 'AccessDenied' }, {}, 'denied', 1],
    ['by code alone', { code: 'MissingAuthenticationToken' }, {}, 'signature-demanded', 1],
    ['by type alone', { __type: 'AccessDeniedException' }, {}, 'denied', 1],
    ['by code and header', { code: 'AccessDenied' }, typed('AccessDenied'), 'denied', 2],
    ['by header alone', {}, typed('MissingAuthenticationToken'), 'signature-demanded', 2],
    ['by header with a link', {}, typed('AccessDeniedException:http://internal.amazon.com/'), 'denied', 2],
    ['whose code is of something else', { code: 'Throttled' }, typed('AccessDeniedException'), undefined, 0],
    ['in no words', {}, {}, undefined, 0],
    ['whose header is of something else', {}, typed('x:AccessDeniedException'), undefined, 0],
  ])('%s', (_name, body, headers, row, markers) => {
    const expected = row === undefined ? undefined : { row, markers, version: '' };
    for (const code of [401, 403]) expect(readStatus(page(body, code, headers))).toEqual(expected);
    for (const code of [400, 404, 500]) expect(readStatus(page(body, code, headers))).toBeUndefined();
  });
});
