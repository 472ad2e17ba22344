/** Reports of a state directory, made again from their folder when the record has grown, and what stands in the way of it. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { FORMATS, type Report } from '../../lib/model/report.ts';
import { act } from '../../lib/pipeline/handle.ts';
import { readFont } from '../../lib/runtime/font.ts';
import { writeFiles } from '../../lib/runtime/output.ts';
import { makeReport } from '../../lib/runtime/report.ts';
import { reproduce } from '../../lib/runtime/reproduce.ts';
import { sealState } from '../../lib/runtime/seal.ts';
import { verifyAll } from '../../lib/runtime/verify.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { BLIND, lived, OPEN } from '../support/history.ts';
import { anAllowance, anAllowlist, instant } from '../support/readings.ts';

const dir = mkdtempSync(join(tmpdir(), 'ajar-reproduce-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string): string => join(dir, name);
const place = { state: at('state') };
const allowlist: Allowlist = {
  ...anAllowlist(
    anAllowance({
      match: { accounts: ['111122223333'], hostnames: ['other.example.test'], protocols: ['elasticsearch'] },
    }),
  ),
  file: 'allowlist.yaml',
};
const NOW = new Date(instant(90 * 86_400));
const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSerif.ttf');

async function report(name: string, asked = {}, formats: readonly string[] = FORMATS): Promise<string> {
  await writeFiles(at(name), await makeReport(place, formats, asked, allowlist, NOW));
  return at(name);
}

async function live(...readings: Parameters<typeof lived>[0][number][]): Promise<void> {
  const store = await openSqliteStore({ dir: place.state, sinks: [], now: () => new Date(instant(0)) });
  await lived(readings, store);
  await store.close();
}

const cell = { status: 'complete', triedAt: instant(50), completeAt: instant(50), calls: 3, known: {} } as const;

async function inventory(status: 'complete' | 'denied', seconds: number): Promise<void> {
  const store = await openSqliteStore({ dir: place.state, sinks: [], now: () => new Date(instant(0)) });
  const known = { 'aws-1': { misses: seconds > 50 ? 2 : 0, hot: true } };
  await store.inventory.save({
    place: { account: '1', region: 'eu-west-1', partition: 'aws' },
    cells: { rds: { ...cell, status, triedAt: instant(seconds), known } },
  });
  await store.close();
}

const reports = new Map<string, object>([
  ['whole', {}],
  ['until', { to: instant(130) }],
  ['part', { from: instant(61), to: instant(200) }],
]);

beforeAll(async () => {
  await inventory('complete', 50);
  await live(
    { at: 0 },
    { at: 60, ...OPEN },
    { at: 120, endpoint: { id: 'other' } },
    { at: 180, ...OPEN, endpoint: { id: 'other' } },
  );
  for (const [name, asked] of reports) await report(name, asked);
  // What an ajar does that goes on: what was open closes, another opens, gaps come, people act, cells are refused.
  await live(
    { at: 240 },
    { at: 300, ...BLIND, endpoint: { id: 'other' } },
    { at: 360, ...OPEN, endpoint: { id: 'third' } },
    { at: 420, ...OPEN },
  );
  await inventory('denied', 400);
  const store = await openSqliteStore({ dir: place.state, sinks: [], now: () => new Date(instant(0)) });
  for await (const { id } of store.incidents())
    await act(store, id, { kind: 'ack' }, { by: 'somebody', runId: 'r' }, () => new Date(instant(500)));
  await store.close();
});

const copied = (name: string): string => {
  const folder = mkdtempSync(join(dir, 'copy-'));
  cpSync(at(name), folder, { recursive: true });
  return folder;
};
const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/** Writes a file of a report anew, and its manifest so that it fits. */
function rewrite(folder: string, name: string, change: (text: string) => string): void {
  const path = join(folder, name);
  const body = Buffer.from(change(readFileSync(path, 'utf8')));
  const [manifest, before] = [join(folder, 'manifest.json'), readFileSync(path)];
  writeFileSync(path, body);
  const text = readFileSync(manifest, 'utf8').replace(sha256(before), sha256(body));
  const files = JSON.parse(text) as { files: { name: string; bytes: number }[] };
  const fitted = files.files.map((file) => (file.name === name ? { ...file, bytes: body.length } : file));
  writeFileSync(manifest, JSON.stringify({ ...files, files: fitted }));
}

describe.each([...reports.keys()])('a report (%s) of a record that has grown since', (name) => {
  it('is made again byte for byte, from its folder or its manifest', async () => {
    for (const path of [at(name), at(`${name}/manifest.json`)]) {
      const { result, files, broken, notes } = await reproduce(path, place, undefined);
      expect({ result, broken, others: files.filter(({ expected, got }) => expected !== got) }).toEqual({
        result: 'identical',
        broken: [],
        others: [],
      });
      expect(notes).toEqual([expect.stringContaining('no entry names the allowlist of the report')]);
      expect(files.length).toBeGreaterThan(FORMATS.length + 1);
      expect(files.at(-1)).toMatchObject({ name: 'manifest.json', here: 'same' });
    }
  });

  it('would be another one if it were reported today', async () => {
    const today = await report(`${name}-today`, reports.get(name));
    expect(readFileSync(join(today, 'manifest.json'), 'utf8')).not.toBe(
      readFileSync(at(`${name}/manifest.json`), 'utf8'),
    );
  });

  it('is verified as before, its inputs among its files', async () => {
    const checked = await verifyAll({ places: [at(name)], state: place.state, publicKeys: [], checkpoints: [] });
    expect(checked.map(({ type, brokenCount, gapCount }) => [type, brokenCount, gapCount])).toEqual([
      ['report', 0, 0],
      ['ledger', 0, 0],
    ]);
    const folder = copied(name);
    writeFileSync(join(folder, 'inputs.ndjson'), '');
    const [tampered] = await verifyAll({ places: [folder], publicKeys: [], checkpoints: [] });
    expect(tampered?.broken).toMatchObject([{ where: 'inputs.ndjson', why: expect.stringMatching(/^has 0 bytes/) }]);
  });
});

describe('what was changed', () => {
  it('of a file of the report is found: it is another than was made', async () => {
    const folder = copied('whole');
    writeFileSync(
      join(folder, 'incidents.csv'),
      readFileSync(join(folder, 'incidents.csv'), 'utf8').replace('exposed', 'reachable'),
    );
    const { result, files } = await reproduce(folder, place, undefined);
    expect(result).toBe('differs');
    expect(files.filter(({ here }) => here !== 'same')).toMatchObject([{ name: 'incidents.csv', here: 'different' }]);
  });

  it('of a file and of the manifest so that it fits is found: it is not what the record gives', async () => {
    const folder = copied('whole');
    rewrite(folder, 'incidents.csv', (text) => text.replace('exposed', 'reachable'));
    const { result, files } = await reproduce(folder, place, undefined);
    expect(result).toBe('differs');
    const others = files.filter(({ expected, got }) => expected !== got).map(({ name, here }) => [name, here]);
    expect(others).toEqual([
      ['incidents.csv', 'same'],
      ['manifest.json', 'same'],
    ]);
  });

  it('of the inputs is found, and where the manifest was made to fit, by the ledger', async () => {
    const [alone, fitted] = [copied('whole'), copied('whole')];
    const drop = (text: string): string => text.replace(/^\{"incident".*\n/m, '');
    writeFileSync(join(alone, 'inputs.ndjson'), drop(readFileSync(join(alone, 'inputs.ndjson'), 'utf8')));
    expect(await reproduce(alone, place, undefined)).toMatchObject({
      result: 'differs',
      why: expect.stringMatching(/^inputs.ndjson is not the one/),
      made: [],
    });
    rewrite(fitted, 'inputs.ndjson', drop);
    const { result, broken } = await reproduce(fitted, place, undefined);
    expect(result).toBe('differs');
    expect(broken).toMatchObject([
      { where: expect.stringMatching(/^incident /), why: 'is in the ledger and not in the inputs' },
    ]);
  });
});

describe('what is missing', () => {
  const changed = (change: (manifest: Record<string, unknown>) => object): string => {
    const folder = copied('part');
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(change(manifest)));
    return folder;
  };
  it.each([
    [
      'the release that made it',
      () => changed((m) => ({ ...m, report: { id: 'x', tool: { name: 'ajar', version: '9.9.9' } } })),
      /^ajar 9\.9\.9 made it/,
      'run ajar 9.9.9',
    ],
    [
      'its mapping',
      () => changed((m) => ({ ...m, reproduction: { mapping: '0', classifier: 'c' } })),
      /^it was made with mapping 0/,
      /build/,
    ],
    ['what was asked for', () => changed(({ made: _made, ...m }) => m), /^an earlier release made it/, /verify/],
    [
      'its font',
      () =>
        changed((m) => ({
          ...m,
          made: { ...(m['made'] as object), font: { name: 'N.ttf', bytes: 9, sha256: 'f'.repeat(64) } },
        })),
      /N\.ttf, SHA-256 f{64}$/,
      /--pdf-font/,
    ],
    [
      'an entry of the ledger',
      () => changed((m) => ({ ...m, ledger: { firstSeq: 1, lastSeq: 9_000, headHash: 'f'.repeat(64) } })),
      /entries 1 to 9000, and this ledger holds no entry behind \d+$/,
      /--state/,
    ],
    [
      'its inputs',
      () => {
        const folder = copied('part');
        rmSync(join(folder, 'inputs.ndjson'));
        return folder;
      },
      /does not lie beside it/,
      /put it there/,
    ],
  ])('%s is named, and what to do', async (_, folder, why, cure) => {
    const { made, ...found } = await reproduce(folder(), place, undefined);
    expect(found).toMatchObject({
      result: 'cannot',
      why: expect.stringMatching(why),
      cure: expect.stringMatching(cure),
    });
    expect(made).toEqual([]);
  });

  it('other files of the report are no matter: they are made again', async () => {
    const folder = copied('part');
    for (const name of ['report.html', 'report.json']) rmSync(join(folder, name));
    const { result, files } = await reproduce(folder, place, undefined);
    expect([result, files.filter(({ here }) => here === 'absent').map(({ name }) => name)]).toEqual([
      'identical',
      ['report.html', 'report.json'],
    ]);
  });

  it('another ledger is no ledger of it', async () => {
    const store = await openSqliteStore({ dir: at('elsewhere'), sinks: [], now: () => new Date(instant(0)) });
    await lived(
      Array.from({ length: 40 }, (_, i) => ({ at: i * 60, ...(i % 2 === 0 ? OPEN : {}) })),
      store,
    );
    await store.close();
    const { result, broken } = await reproduce(at('part'), { state: at('elsewhere') }, undefined);
    expect([result, broken]).toMatchObject([
      'differs',
      [{ where: 'the ledger', why: 'is not the entry that the manifest names' }],
    ]);
    await expect(reproduce(at('part'), { state: at('nowhere') }, undefined)).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});

describe('a manifest of anybody', () => {
  it.each([
    ['is no JSON', '{'],
    ['is none', '{"schema":1}'],
    ['is endless', `{"schema":1,"x":"${'x'.repeat(17 * 1024 * 1024)}"}`],
    ['is deep', '['.repeat(1_000_000)],
    ['is null', 'null'],
  ])('that %s is refused', async (_, text) => {
    writeFileSync(at('hostile.json'), text);
    await expect(reproduce(at('hostile.json'), place, undefined)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.each([
    ['files outside its folder', { files: [{ name: '../state/ajar.db', bytes: 1, sha256: 'f'.repeat(64) }] }],
    ['a format that there is not', { made: { asked: {}, formats: ['exe'] } }],
    ['a time that there is not', { made: { asked: { to: '2026-13-01T00:00:00.000Z' }, formats: [] } }],
    ['entries before the first', { ledger: { firstSeq: -1, lastSeq: 3, headHash: 'f'.repeat(64) } }],
  ])('that names %s is refused', async (_, part) => {
    const folder = copied('part');
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as object;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...part }));
    await expect(reproduce(folder, place, undefined)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.each([
    ['no JSON', 'x\n'],
    ['no head', ''],
    ['a line that is cut off', '{"schema":1,"readAfter":1,"allowlist":{"file":"f","digest":"d","entries":[]}}'],
    [
      'what is no input',
      '{"schema":1,"readAfter":1,"allowlist":{"file":"f","digest":"d","entries":[]}}\n{"state":{}}\n',
    ],
    ['bytes that are no text', '\ud800\n'],
  ])('with inputs that are %s is refused', async (_, text) => {
    const folder = copied('part');
    rewrite(folder, 'inputs.ndjson', () => text);
    await expect(reproduce(folder, place, undefined)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^inputs\.ndjson line \d/),
    });
  });
});

describe('a report whose PDF has a font of its own', () => {
  it('names it, is made again with it, under whatever name, and with no other', async () => {
    const font = await readFont(FONT);
    const made = await makeReport(place, ['pdf', 'csv'], { pdfFont: font }, allowlist, NOW);
    await writeFiles(at('font'), made);
    const summary = readFileSync(at('font/summary.csv'), 'utf8');
    expect(summary).toContain(`ajar report reproduce manifest.json --pdf-font ${font.name}`);
    expect(await reproduce(at('font'), place, { ...font, name: 'renamed.ttf' })).toMatchObject({ result: 'identical' });
    expect(await reproduce(at('font'), place, undefined)).toMatchObject({
      result: 'cannot',
      why: expect.stringContaining(font.sha256),
    });
    expect(await reproduce(at('font'), place, { ...font, sha256: 'f'.repeat(64) })).toMatchObject({
      result: 'cannot',
      why: expect.stringMatching(/this is another$/),
    });
    await expect(reproduce(at('part'), place, font)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('is said to have none where no PDF was asked for', async () => {
    const made = await makeReport(place, ['csv'], { pdfFont: await readFont(FONT) }, allowlist, NOW);
    expect(made.map(({ content }) => (typeof content === 'string' ? content : '')).join('')).not.toContain(
      '--pdf-font',
    );
  });
});

it('an empty allowlist is none', async () => {
  await writeFiles(at('none'), await makeReport(place, ['json'], {}, EMPTY_ALLOWLIST, NOW));
  expect(await reproduce(at('none'), place, undefined)).toMatchObject({ result: 'identical', notes: [] });
});

it('a report of a state whose hours are sealed says so, and is made again with what is sealed beside it', async () => {
  const state = at('sealed');
  const store = await openSqliteStore({ dir: state, sinks: [], now: () => new Date(instant(0)) });
  await lived(
    [0, 1_800, 3_600, 5_400, 7_200].map((second) => ({ at: second })),
    store,
  );
  await sealState(store, state, { now: () => new Date(instant(7_500)), onKey: () => undefined });
  await store.close();
  const asked = { from: instant(0), to: instant(7_200) };
  await writeFiles(at('of-sealed'), await makeReport({ state }, ['json'], asked, EMPTY_ALLOWLIST, NOW));
  const { evidence } = JSON.parse(readFileSync(at('of-sealed/report.json'), 'utf8')) as Report;
  expect(evidence.sealed).toMatchObject({ state: 'verified', checkpoints: 2, hoursMissing: 0 });
  expect(evidence.objectives.at(-1)).toMatchObject({ id: 'EXP-11', state: 'satisfied' });
  expect(await reproduce(at('of-sealed'), { state }, undefined)).toMatchObject({ result: 'identical', notes: [] });
  const [checkpoint] = globSync('evidence/ledger/**/*.checkpoint.json', { cwd: state });
  const path = join(state, checkpoint ?? '');
  chmodSync(path, 0o600);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"count":', '"count":1'));
  expect(await reproduce(at('of-sealed'), { state }, undefined)).toMatchObject({
    result: 'differs',
    broken: [{ where: 'the sealed ledger' }],
  });
});
