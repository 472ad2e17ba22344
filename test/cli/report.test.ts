import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { LAB, openRedis, place } from '../support/command.ts';

const { ajar, at, file } = place();
const { inventory, mood } = await openRedis();
const report = (...flags: string[]) => ajar('report', '--state', at('state'), '--format', 'json', ...flags);
const made = (dir: string): Report => JSON.parse(readFileSync(at(`${dir}/report.json`), 'utf8')) as Report;
let [protectedAt, openedAt] = ['', ''];

beforeAll(async () => {
  const scan = ['scan', '--file', file('inventory.yaml', inventory), '--state', at('state'), ...LAB];
  mood.protect = true;
  await ajar(...scan);
  protectedAt = new Date().toISOString();
  mood.protect = false;
  await ajar(...scan);
  openedAt = new Date().toISOString();
});

describe('the period of a report', () => {
  it.each([
    ['inverted', ['--from', '2026-12-31', '--to', '2026-10-01'], /not before|before the first reading/],
    [
      'in the future',
      ['--to', '2999-01-01'],
      /2999-01-01T00:00:00\.000Z, in the future\najar: the latest possible --to is 20/,
    ],
    ['begun in the future', ['--from', '2999-01-01'], /not before the last reading/],
    ['before the first reading', ['--from', '2001-01-01', '--to', '2001-04-01'], /before the first reading, 20/],
  ])('%s exits 2, says what would do, and writes nothing', async (_, flags, message) => {
    const { code, stderr, stdout } = await report(...flags, '--out', at('never'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(existsSync(at('never'))).toBe(false);
  });

  it('that begins before the first reading says that nothing is known of that time', async () => {
    expect((await ajar('report', '--state', at('state'), '--from', '2001-01-01', '--out', at('early'))).code).toBe(0);
    const { coverage, period } = made('early');
    expect(coverage.unwatched).toMatchObject([{ from: '2001-01-01T00:00:00.000Z', why: 'before' }]);
    expect(coverage.unwatched[0]?.to).toBe(coverage.firstReadingAt);
    expect(period.to).toBe(coverage.lastReadingAt);
    expect(readFileSync(at('early/report.html'), 'utf8')).toMatch(/Nothing is known before <time/);
    expect(readFileSync(at('early/summary.csv'), 'utf8')).toContain('"2001-01-01T00:00:00.000Z/');
  });

  it('that ended before the door was opened shows the verdict of then', async () => {
    await report('--out', at('now'));
    await report('--to', protectedAt, '--out', at('then'));
    expect(made('now').totals.verdicts).toMatchObject({ exposed: 1 });
    expect(made('then').totals.verdicts).toMatchObject({ exposed: 0, reachable: 1 });
    expect(made('then').period.to).toBe(protectedAt);
  });

  it('says when its evidence was written, and claims no moment of making', async () => {
    await report('--to', openedAt, '--out', at('stamped'));
    const { ledger } = made('stamped');
    expect(ledger.headAt && ledger.headAt <= openedAt && ledger.headAt > protectedAt).toBe(true);
    expect(made('stamped')).not.toHaveProperty('generatedAt');
  });

  it('of an empty history exits 2', async () => {
    const { code, stderr } = await ajar('report', '--state', at('nowhere'), '--out', at('never'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/no state there\najar: pass --state DIR, or scan first/);
  });
});

describe('the files of a report', () => {
  it('come with a manifest of them, the last, and are the same when made again', async () => {
    const { stdout } = await ajar('report', '--state', at('state'), '--format', 'junit,oscal', '--out', at('formats'));
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(at('formats/').length));
    expect(names.at(-1)).toBe('manifest.json');
    expect(names).toContain('oscal-assessment-results.json');
    const manifest = readFileSync(at('formats/manifest.json'), 'utf8');
    const { files } = JSON.parse(manifest) as { files: { name: string; sha256: string }[] };
    expect(files.map(({ name }) => name)).toEqual(names.slice(0, -1).toSorted());
    for (const { name, sha256 } of files) {
      expect(
        createHash('sha256')
          .update(readFileSync(at(`formats/${name}`)))
          .digest('hex'),
      ).toBe(sha256);
    }
    await ajar('report', '--state', at('state'), '--format', 'junit,oscal', '--out', at('again'));
    expect(readFileSync(at('again/manifest.json'), 'utf8')).toBe(manifest);
  });

  it('are one with --zip, and nothing else is written', async () => {
    const { stdout } = await ajar('report', '--state', at('state'), '--format', 'json', '--zip', '--out', at('zipped'));
    expect(stdout).toBe(`${at('zipped/report.zip')}\n`);
    expect(readdirSync(at('zipped'))).toEqual(['report.zip']);
    const held = Object.keys(unzipSync(readFileSync(at('zipped/report.zip'))));
    expect(held).toEqual(['inputs.ndjson', 'report.json', 'summary.json', 'manifest.json']);
  });
});

describe('where a report goes', () => {
  it.each([
    ['a file', 'taken', /--out .*taken: not a directory/],
    ['a folder below a file', 'taken/below', /not a directory/],
    ['where nothing can be made', '/proc/ajar', /--out \/proc\/ajar: nothing can be created there/],
    ['below that', '/proc/ajar/deep/down', /nothing can be created there/],
  ])('%s is refused in one clear line', async (_, out, message) => {
    file('taken', 'mine');
    const { code, stdout, stderr } = await report('--out', out.startsWith('/') ? out : at(out));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at |bug/);
    expect(readFileSync(at('taken'), 'utf8')).toBe('mine');
  });

  it('leaves nothing half written where one of its files cannot be', async () => {
    mkdirSync(at('half/summary.json'), { recursive: true });
    const { code, stderr } = await report('--out', at('half'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/a directory stands where a file should/);
    expect(readdirSync(at('half')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('what an auditor asks beside a report', () => {
  const on = () => ['--state', at('state'), '--on'];
  const idOf = async (): Promise<string> => {
    await report('--out', at('ids'));
    return made('ids').endpoints[0]?.endpoint.id ?? '';
  };

  it('exposed answers yes, no or not known, each with its exit status', async () => {
    const id = await idOf();
    const [incident] = made('ids').incidents.filter(({ protection }) => protection === 'authentication');
    const yes = await ajar('exposed', id, ...on(), incident?.start.upper ?? '', '--format', 'json');
    expect(yes.code).toBe(1);
    expect(JSON.parse(yes.stdout)).toMatchObject({ answer: 'yes', endpoint: id, windows: expect.any(Array) });
    const before = await ajar('exposed', id, ...on(), '2001-01-01');
    expect(before).toMatchObject({ code: 3, stdout: expect.stringMatching(/^not known: .*\n {2}the period ends/) });
    expect(await ajar('exposed', 'no-such', ...on(), '2001-01-01')).toMatchObject({ code: 2, stdout: '' });
    expect(await ajar('exposed', id, ...on(), '2001-02-30')).toMatchObject({ code: 2, stdout: '' });
  });

  it('sample draws the same from the same, and says from what and how', async () => {
    const sample = (...flags: string[]) => ajar('report', 'sample', '--state', at('state'), '--seed', 's', ...flags);
    const [text, again, json] = [await sample(), await sample(), await sample('--of', 'incidents', '--format', 'json')];
    expect(text).toMatchObject({ code: 0, stdout: again.stdout });
    expect(text.stdout).toMatch(/^1 of 1 endpoints, .*\nseed +s\npopulation +sha256 [0-9a-f]{64}\nalgorithm/);
    const ids = made('ids')
      .incidents.map((incident) => incident.id)
      .sort();
    expect(JSON.parse(json.stdout)).toMatchObject({
      population: {
        size: ids.length,
        sha256: createHash('sha256')
          .update(ids.map((id) => `${id}\n`).join(''))
          .digest('hex'),
      },
    });
    expect(await ajar('report', 'sample', '--state', at('state'))).toMatchObject({ code: 2 });
  });

  const reproduce = (...flags: string[]) => ajar('report', 'reproduce', at('kept'), '--state', at('state'), ...flags);

  it('reproduce says identical where the record has grown since, and writes what it made where it is asked to', async () => {
    await ajar('report', '--state', at('state'), '--format', 'csv,json', '--out', at('kept'));
    await ajar('scan', '--file', at('inventory.yaml'), '--state', at('state'), ...LAB);
    const same = await reproduce('--out', at('remade'));
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toMatch(/report\.json +[0-9a-f]{16} {2}[0-9a-f]{16} {2}same\n/);
    expect(same.stdout).toMatch(/\nidentical: \d+ files\n$/);
    expect(readFileSync(at('remade/manifest.json'))).toEqual(readFileSync(at('kept/manifest.json')));
  });

  it('reproduce says what differs, in text and in JSON, and exits 1', async () => {
    writeFileSync(at('kept/report.json'), readFileSync(at('kept/report.json'), 'utf8').replace('exposed', 'protected'));
    const other = await reproduce();
    expect(other).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/different: the file here is another\n[^]*\ndiffers\n$/),
    });
    const json = await reproduce('--format', 'json');
    const found = JSON.parse(json.stdout) as { result: string; files: { name: string; here: string }[] };
    expect([json.code, found.result, found.files.filter(({ here }) => here === 'different')]).toMatchObject([
      1,
      'differs',
      [{ name: 'report.json' }],
    ]);
  });

  it('reproduce says why it cannot and exits 3, and exits 2 where there is no manifest', async () => {
    const manifest = JSON.parse(readFileSync(at('kept/manifest.json'), 'utf8')) as object;
    const ledger = { firstSeq: 1, lastSeq: 1_000_000, headHash: 'f'.repeat(64) };
    writeFileSync(at('kept/manifest.json'), JSON.stringify({ ...manifest, ledger }));
    const cannot = await reproduce();
    expect(cannot).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(
        /\ncannot be made again here: the report is of ledger entries 1 to 1000000, [^]*\najar: name the state/,
      ),
    });
    expect(await ajar('report', 'reproduce', at('nowhere'))).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/nothing is there/),
    });
  });
});
