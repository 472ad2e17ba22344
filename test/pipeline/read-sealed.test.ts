/** What a report says of the sealed hours of its period, and what EXP-11 is by it. */
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { AjarError } from '../../lib/model/errors.ts';
import type { Report } from '../../lib/model/report.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { buildReport, prepareReport, reportOf } from '../../lib/pipeline/report.ts';
import type { SealedSource } from '../../lib/pipeline/read-sealed.ts';
import { checkRange, entriesOf, sealedAgain, withSealed } from '../../lib/pipeline/reproduce.ts';
import { seal } from '../../lib/pipeline/seal.ts';
import { lived } from '../support/history.ts';
import { instant } from '../support/readings.ts';
import { type MemoryEvidence, memoryEvidence, testSigner } from '../support/sealed.ts';

const HOUR = 3_600;
const signer = testSigner();
const query = { toolVersion: '0', allowlist: EMPTY_ALLOWLIST };
/** A look every half hour of six hours from 10:00 on, which `instant` counts from. */
const looks = (hours: number) => Array.from({ length: hours * 2 }, (_, i) => ({ at: i * (HOUR / 2) }));

async function sealed(store: StateStore, hours: number, evidence = memoryEvidence()): Promise<MemoryEvidence> {
  await seal({
    store,
    evidence,
    signer: () => Promise.resolve(signer),
    shard: 'main',
    now: () => new Date(instant(hours * HOUR + 300)),
  });
  return evidence;
}

const sourceOf = (evidence: MemoryEvidence, keys = signer.keys): SealedSource => ({
  evidence,
  keys: () => Promise.resolve(keys),
});
const report = (store: StateStore, source: SealedSource | undefined, hours = 6, from = 0) =>
  buildReport(store, {
    ...query,
    from: instant(from * HOUR),
    to: instant(hours * HOUR),
    ...(source === undefined ? {} : { sealed: source }),
  });
const exp11 = ({ evidence: { objectives } }: Report) => objectives.find(({ id }) => id === 'EXP-11')?.state;
const said = (made: Report) => [made.evidence.sealed.state, made.evidence.sealed.hoursMissing, exp11(made)];

describe('the sealed hours of a report', () => {
  it('are verified where each hour of the period has its checkpoint, and EXP-11 is satisfied', async () => {
    const store = await lived(looks(8));
    const evidence = await sealed(store, 8);
    const made = await report(store, sourceOf(evidence));
    const [last] = [...evidence.files.keys()].filter((name) => name.endsWith('15.checkpoint.json'));
    expect(last).toBeDefined();
    expect(made.evidence.sealed).toMatchObject({
      ...{ state: 'verified', checkpoints: 6, from: instant(0), to: instant(6 * HOUR), hoursMissing: 0, problems: [] },
      ...{ last: { hour: instant(5 * HOUR) }, key: signer.fingerprint },
      text: `6 signed checkpoints, to ${instant(6 * HOUR)}, agree with the ledger; no hour is missing.`,
    });
    expect(exp11(made)).toBe('satisfied');
    // Of a part that begins later: nothing is said of the hours before it.
    const part = await report(store, sourceOf(evidence), 5, 3);
    expect(part.evidence.sealed).toMatchObject({ state: 'verified', checkpoints: 2, from: instant(3 * HOUR) });
    expect(await report(store, sourceOf(evidence))).toEqual(made);
  });

  it('are not complete where the last are not sealed yet, which is no pass', async () => {
    const store = await lived(looks(6));
    const evidence = await sealed(store, 4);
    expect(said(await report(store, sourceOf(evidence)))).toEqual(['incomplete', 2, 'not-determined']);
  });

  it.each<[string, SealedSource | undefined, RegExp]>([
    ['no place of them is known', undefined, /^No place of sealed hours is known here\.$/],
    ['nothing was ever sealed', sourceOf(memoryEvidence()), /^Nothing of this ledger was ever sealed\.$/],
    [
      'there is no key',
      sourceOf(memoryEvidence([['ledger/2019/12/04/10.ndjson', Buffer.from('')]]), new Map()),
      /no public key/,
    ],
    [
      'they are of other times',
      sourceOf(memoryEvidence([['ledger/2018/12/04/10.checkpoint.json', Buffer.from('')]])),
      /^No hour of the period is sealed\.$/,
    ],
    [
      'they cannot be read',
      {
        evidence: {
          ...memoryEvidence(),
          names: () => Promise.reject(new AjarError('store-unavailable', 's3://b/ledger/ cannot be listed')),
        },
        keys: () => Promise.resolve(signer.keys),
      },
      /^Sealed hours could not be read: s3:\/\/b\/ledger\/ cannot be listed\.$/,
    ],
  ])('are not read where %s: it says so, and is no pass', async (_, source, text) => {
    const made = await report(await lived(looks(6)), source);
    expect(said(made)).toEqual(['not-read', 6, 'not-determined']);
    expect(made.evidence.sealed.text).toMatch(text);
  });

  const broken: readonly (readonly [string, (evidence: MemoryEvidence) => void, RegExp])[] = [
    [
      'a checkpoint was changed',
      ({ files }) => alter(files, '12.checkpoint.json', (text) => text.replace('"count":', '"count":1')),
      /12\.checkpoint\.json: /,
    ],
    [
      'a checkpoint is missing among them',
      ({ files }) => remove(files, /12\.(checkpoint\.json|ndjson)$/),
      /the hours from .*T12.* are missing/,
    ],
    [
      'the first hours were taken away',
      ({ files }) => remove(files, /10\.(checkpoint\.json|ndjson)$/),
      /is the first that is here, and others came before/,
    ],
    ['an object is missing', ({ files }) => remove(files, /12\.ndjson$/), /12\.ndjson: is missing/],
  ];
  it.each(broken)('are broken where %s, and EXP-11 is not satisfied', async (_, tamper, text) => {
    const store = await lived(looks(6));
    const evidence = await sealed(store, 6);
    tamper(evidence);
    const made = await report(store, sourceOf(evidence));
    expect([made.evidence.sealed.state, exp11(made)]).toEqual(['broken', 'not-satisfied']);
    expect(made.evidence.sealed.text).toMatch(text);
  });

  it('are broken where somebody else signed them', async () => {
    const store = await lived(looks(6));
    const made = await report(store, sourceOf(await sealed(store, 6), testSigner().keys));
    expect([made.evidence.sealed.state, made.evidence.sealed.last, exp11(made)]).toEqual([
      'broken',
      undefined,
      'not-satisfied',
    ]);
    expect(made.evidence.sealed.problems[0]).toMatch(/was signed with another key/);
  });

  it('are broken where the ledger was made anew since, or its end was cut off', async () => {
    const evidence = await sealed(await lived(looks(6)), 6);
    const anew = await report(await lived([{ at: 1 }, ...looks(6).slice(1)]), sourceOf(evidence));
    expect(anew.evidence.sealed.problems[0]).toMatch(
      /^entry \d+ of the ledger is not the one that the checkpoint of .*T10:00:00\.000Z names$/,
    );
    const cut = await report(await lived(looks(3)), sourceOf(evidence));
    expect(cut.evidence.sealed.problems.at(-1)).toMatch(
      /^the checkpoint of .*T15:00:00\.000Z names entry \d+, which is not in the ledger$/,
    );
    expect([exp11(anew), exp11(cut)]).toEqual(['not-satisfied', 'not-satisfied']);
  });
});

describe('made again', () => {
  async function again(
    store: StateStore,
    source: SealedSource | undefined,
    made: Awaited<ReturnType<typeof prepareReport>>,
    asked: object,
  ) {
    const { report: was, inputs } = made;
    const checked = withSealed(
      await checkRange(store, was.ledger, inputs, asked),
      await sealedAgain(inputs, asked, source),
    );
    return { ...checked, report: await reportOf(inputs, entriesOf(store, was.ledger), { toolVersion: '0', ...asked }) };
  }

  it('is the same when hours were sealed since, and tells hours that were changed since from those that are not there', async () => {
    const asked = { to: instant(6 * HOUR) };
    const store = await lived(looks(6));
    const evidence = await sealed(store, 4);
    const made = await prepareReport(store, { ...query, ...asked, sealed: sourceOf(evidence) });
    expect(made.report.evidence.sealed).toMatchObject({ state: 'incomplete', hoursMissing: 2 });
    await lived([{ at: 7 * HOUR }, { at: 8 * HOUR }], store);
    await sealed(store, 9, evidence);
    const same = await again(store, sourceOf(evidence), made, asked);
    expect(same).toEqual({ broken: [], brokenCount: 0, notes: [], report: made.report });
    const away = await again(store, undefined, made, asked);
    expect(away).toMatchObject({
      brokenCount: 0,
      notes: [expect.stringContaining('sealed hours are as inputs.ndjson has them')],
    });
    alter(evidence.files, '12.checkpoint.json', (text) => text.replace('"count":', '"count":1'));
    const other = await again(store, sourceOf(evidence), made, asked);
    expect(other.broken).toMatchObject([{ where: 'the sealed ledger', why: expect.stringMatching(/12\.checkpoint/) }]);
  });

  it('does not believe inputs that say of hours what they do not', async () => {
    const store = await lived(looks(6));
    const evidence = await sealed(store, 6);
    alter(evidence.files, '12.checkpoint.json', (text) => text.replace('"count":', '"count":1'));
    const { report: was, inputs } = await prepareReport(store, { ...query, sealed: sourceOf(evidence) });
    expect(was.evidence.sealed.state).toBe('broken');
    if (!inputs.sealed.isRead) throw new Error('not read');
    const doctored = { ...inputs, sealed: { ...inputs.sealed, problems: [] } };
    expect(await sealedAgain(doctored, {}, sourceOf(evidence))).toMatchObject({
      broken: expect.stringMatching(/is not what inputs\.ndjson says/),
    });
    expect(await sealedAgain(inputs, {}, sourceOf(evidence))).toEqual({});
  });
});

function named(files: MemoryEvidence['files'], end: RegExp): readonly string[] {
  const names = [...files.keys()].filter((name) => end.test(name));
  if (names.length === 0) throw new Error(`no ${end}`);
  return names;
}

function remove(files: MemoryEvidence['files'], end: RegExp): void {
  for (const name of named(files, end)) files.delete(name);
}

function alter(files: MemoryEvidence['files'], end: string, change: (text: string) => string): void {
  const [name = ''] = named(files, new RegExp(`${end}$`));
  files.set(name, Buffer.from(change(files.get(name)?.toString() ?? '')));
}
