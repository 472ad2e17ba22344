import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCell } from '../../lib/aws/cell.ts';
import type { Collector } from '../../lib/aws/collector.ts';
import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { NETWORK_ACTIONS, readNetwork } from '../../lib/aws/network.ts';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { endpointDocument } from '../../lib/model/documents.ts';
import { awsError, PLACE } from '../support/aws.ts';

/** A cell whose every call ends in the same way, its network's too. */
function cellWith(service: string, answer: () => unknown) {
  const asked = new Set<string>();
  const parts = {
    place: PLACE,
    service,
    now: () => new Date('2026-11-25T00:00:00.000Z'),
    signal: new AbortController().signal,
    memo: new Map(),
    run: async <T>(action: string): Promise<T> => {
      asked.add(action);
      return answer() as T;
    },
    client: <C>(make: new (config: never) => C): C =>
      new make({ region: PLACE.region, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } } as never),
  };
  const network = openCell({
    ...parts,
    service: 'network',
    network: () => Promise.reject(new Error('no network of the network')),
  });
  const cell = openCell({ ...parts, network: () => readNetwork(network) });
  return { cell, asked };
}
const failing =
  (name: string, status = 400) =>
  () => {
    throw awsError(name, status);
  };
/** Says what is there even where nothing is: the switches of an account. */
const ALWAYS_THERE = new Set(['guardrails']);

describe('the catalogue of collectors', () => {
  it('holds every collector file once, under a name of its own', () => {
    const folder = join(import.meta.dirname, '../../lib/collectors');
    const files = readdirSync(folder).filter((f) => f !== 'catalogue.ts' && f !== 'file.ts');
    expect(COLLECTORS.map((c) => `${c.service}.ts`).toSorted()).toEqual(files.toSorted());
  });

  it('asks for configuration only', () => {
    const writes = COLLECTORS.flatMap((c) => c.actions).filter(
      (a) => !/^[a-z0-9-]+:(List|Describe|Get|BatchGet)[A-Za-z0-9]+$/.test(a),
    );
    expect([...new Set(writes)]).toEqual(['apigateway:GET']);
  });
});

describe.each(COLLECTORS.map((c) => [c.service, c] as const))('%s', (service, collector: Collector) => {
  it('says at the top of its file what it calls and where that is specified', () => {
    const head =
      readFileSync(join(import.meta.dirname, `../../lib/collectors/${service}.ts`), 'utf8').split('*/', 1)[0] ?? '';
    expect(head).toMatch(/aws-services\.md\s+(\* )?section/);
    expect(head.split('\n').length).toBeGreaterThanOrEqual(4);
    expect(head.split('\n').length).toBeLessThanOrEqual(14);
  });

  it('finds nothing where there is nothing, and its list is whole', async () => {
    const { cell } = cellWith(service, () => ({}));
    const endpoints = await collector.collect(cell);
    if (!ALWAYS_THERE.has(service)) expect(endpoints).toEqual([]);
    expect([cell.status(0), cell.gaps()]).toEqual(['complete', []]);
  });

  it.each([
    ['AccessDeniedException', 'denied'],
    ['UnauthorizedOperation', 'denied'],
    ['ThrottlingException', 'throttled'],
    ['UnrecognizedClientException', 'not-enabled'],
    ['InternalFailure', 'failed'],
  ] as const)('is no empty list when every call fails with %s', async (name, status) => {
    const { cell } = cellWith(service, failing(name));
    const endpoints = await collector.collect(cell);
    for (const { declared } of endpoints) {
      expect(Object.values(declared).filter((p) => p.level !== 'unknown' && p.level !== 'not-applicable')).toEqual([]);
    }
    // What its doors are read from has a cell, and gaps, of its own.
    if (service === 'interfaces') expect(cell.status(0)).not.toBe('complete');
    else expect(cell.status(0)).toBe(status);
  });

  it('declares each action that it asks for', async () => {
    const { cell, asked } = cellWith(service, () => ({}));
    await collector.collect(cell);
    const beyond = [...asked].filter(
      (a) => !collector.actions.includes(a) && !(NETWORK_ACTIONS as readonly string[]).includes(a),
    );
    expect(beyond).toEqual([]);
  });

  it('does not know whether something exists while nobody answers', async () => {
    const endpoint = awsEndpoint(
      { place: PLACE, service },
      { name: 'a', host: 'a.example.com', port: 443, engine: 'http', declared: {} },
    );
    expect(endpointDocument.safeParse(endpoint).error).toBeUndefined();
    for (const name of ['AccessDeniedException', 'ThrottlingException', 'InternalFailure']) {
      const { cell, asked } = cellWith(service, failing(name));
      expect(await collector.exists(cell, endpoint)).toBeUndefined();
      const beyond = [...asked].filter(
        (a) => !collector.actions.includes(a) && !(NETWORK_ACTIONS as readonly string[]).includes(a),
      );
      expect(beyond).toEqual([]);
    }
  });

  it('prices itself', () => {
    expect(collector.cost.empty).toBeGreaterThan(0);
    expect(collector.cost.each).toBeGreaterThanOrEqual(0);
    expect(new Set(collector.actions).size).toBe(collector.actions.length);
  });
});
