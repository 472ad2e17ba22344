import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { sealAfterPass, sealState } from '../../lib/runtime/seal.ts';
import { verifyAll, type VerifyOptions } from '../../lib/runtime/verify.ts';
import { aLine } from '../support/builders.ts';
import { minutesIn, START } from '../support/sealed.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-verify-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string): string => join(root, name);
const now = new Date(START + 100 * 60_000);
const KEY = at('state/keys/ledger.pub.pem');
let head: { readonly seq: number; readonly hash: string };

beforeAll(async () => {
  const store = await openSqliteStore({ dir: at('state'), sinks: [], now: () => now });
  await store.append([0, 40, 50].map((minute) => aLine({ recordedAt: minutesIn(minute) })));
  head = await store.ledgerHead();
  const { made } = await sealState(store, at('state'), { now: () => now, onKey: () => undefined });
  expect(made).toBe(2);
  await store.close();
});

const verify = (places: readonly string[], more: Partial<VerifyOptions> = {}) =>
  verifyAll({ places, publicKeys: [KEY], checkpoints: [], now, ...more });

/** A report folder; `manifest` changes what its manifest says. */
function report(name: string, content: string, manifest: (text: string) => string = (text) => text): string {
  const files = [{ name: 'report.json', bytes: 4, sha256: createHash('sha256').update('true').digest('hex') }];
  const ledger = { firstSeq: 1, lastSeq: head.seq, headHash: head.hash };
  mkdirSync(at(name), { recursive: true });
  writeFileSync(join(at(name), 'report.json'), content);
  writeFileSync(join(at(name), 'manifest.json'), manifest(JSON.stringify({ schema: 1, files, ledger })));
  return at(name);
}

describe('verifying a report beside the evidence', () => {
  const evidence = at('state/evidence');

  it('finds both as they were', async () => {
    const checked = await verify([report('good', 'true'), evidence]);
    expect(checked).toMatchObject([
      { type: 'report', files: 1, brokenCount: 0, gapCount: 0 },
      { type: 'evidence', entries: 3, brokenCount: 0, gapCount: 0 },
    ]);
  });

  it('names a file that is another, is missing, or is no part of it', async () => {
    const folder = report('spoilt', 'null');
    writeFileSync(join(folder, 'extra.html'), '');
    expect(await verify([folder, evidence])).toMatchObject([
      { broken: [{ where: 'report.json', why: 'is not the file that the manifest names' }], strange: ['extra.html'] },
      {},
    ]);
    rmSync(join(folder, 'report.json'));
    expect(await verify([folder, evidence])).toMatchObject([{ broken: [{ why: 'is missing' }] }, {}]);
  });

  it('tells a report that rests on another ledger', async () => {
    const folder = report('other', 'true', (text) => text.replace(head.hash, 'f'.repeat(64)));
    const [, found] = await verify([folder, evidence]);
    expect(found?.broken).toMatchObject([
      { seq: 3, why: expect.stringMatching(/not the entry that the report/) as string },
    ]);
  });

  it('proves nothing of its ledger without the evidence', async () => {
    expect(await verify([report('alone', 'true')])).toMatchObject([{ brokenCount: 0, gapCount: 1 }]);
  });

  it.each([
    ['out of its folder', (text: string) => text.replace('report.json', '../state/ajar.db')],
    ['to a hidden file', (text: string) => text.replace('report.json', '.profile')],
    ['nowhere: it is no JSON', () => '{'],
    ['nowhere: it names no ledger', (text: string) => text.replace('ledger', 'log')],
  ])('does not follow a manifest %s', async (_, change) => {
    const [found] = await verify([report('hostile', 'true', change)]);
    expect(found).toMatchObject({ files: 0, broken: [{ where: 'manifest.json' }] });
  });

  it('expects the record to reach the end of the report', async () => {
    const until = (to: string) => (text: string) => text.replace('{', `{"report":{"period":{"to":"${to}"}},`);
    const [, whole] = await verify([report('then', 'true', until(minutesIn(90))), evidence], {
      now: new Date(START * 2),
    });
    expect(whole?.gaps).toEqual([]);
    const [, short] = await verify([report('then', 'true', until(minutesIn(200))), evidence], {
      now: new Date(START * 2),
    });
    expect(short?.gaps).toMatchObject([expect.stringMatching(/should reach 2026-12-04T12:00/)]);
  });
});

describe('bad usage', () => {
  it.each<[string, readonly string[], Partial<VerifyOptions>, RegExp]>([
    ['what is not there', [at('nowhere')], {}, /nowhere: nothing is there/],
    ['a file', [KEY], {}, /not a folder/],
    ['a folder of something else', [at('state')], {}, /neither sealed evidence/],
    ['evidence without a key', [at('state/evidence')], { publicKeys: [] }, /--public-key is missing/],
    [
      'a private key',
      [at('state/evidence')],
      { publicKeys: [at('state/keys/ledger.key.pem')] },
      /that is a private key/,
    ],
    ['a key that is none', [at('state/evidence')], { publicKeys: [at('state/ajar.db')] }, /not a public key/],
    ['a key that is not there', [at('state/evidence')], { publicKeys: [at('no.pem')] }, /cannot be read \(ENOENT\)/],
    ['a checkpoint that is none', [at('state/evidence')], { checkpoints: [KEY] }, /pub\.pem: is not JSON/],
    ['a state that is none', [], { state: at('nowhere') }, /no state there/],
  ])('%s is refused', async (_, places, more, message) => {
    const refused = verify(places, more);
    await expect(refused).rejects.toMatchObject({ code: 'bad-input' });
    await expect(refused).rejects.toThrow(message);
  });
});

describe('sealing at the end of a pass', () => {
  it('tells what stands in the way once, and the pass goes on', async () => {
    const store = await openSqliteStore({ dir: at('blocked'), sinks: [], now: () => now });
    await store.append([aLine({ recordedAt: minutesIn(0) })]);
    writeFileSync(at('blocked/evidence'), 'in the way');
    const said: string[] = [];
    const first = await sealAfterPass(store, at('blocked'), (line) => said.push(line));
    const second = await sealAfterPass(store, at('blocked'), (line) => said.push(line), first);
    await store.close();
    expect(first).toMatch(/evidence/);
    expect(second).toBe(first);
    expect(said.filter((line) => line.startsWith('ajar: not sealed'))).toHaveLength(1);
    expect(readFileSync(at('blocked/evidence'), 'utf8')).toBe('in the way');
  });
});
