import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { exposed } from '../../lib/pipeline/exposed.ts';
import { BLIND, lived, OPEN } from '../support/history.ts';
import { instant, type ReadingOverrides } from '../support/readings.ts';

const ask = (store: StateStore, from: number, to: number, now = 10_000) =>
  exposed(store, {
    ...{ endpointId: 'es-1', on: { from: instant(from), to: instant(to) } },
    ...{ allowlist: EMPTY_ALLOWLIST, toolVersion: '0', now: new Date(instant(now)) },
  });

/** A look a minute; what is not said of a minute is an ordinary one. */
async function minutes(count: number, special: Readonly<Record<number, ReadingOverrides>>): Promise<StateStore> {
  const store = await lived([]);
  for (let minute = 0; minute <= count; minute++) await lived([{ ...special[minute], at: minute * 60 }], store);
  return store;
}

describe('whether it was exposed', () => {
  const store = minutes(60, { 20: OPEN, 21: OPEN, 22: OPEN, 40: BLIND });

  it.each([
    ['yes', 'while it was seen open', 1_260, 1_300, /authentication seen open/],
    ['yes', 'where it was seen open for a moment of it', 0, 1_201, /at least/],
    ['no', 'before, as long as somebody looked', 60, 1_100, /watched throughout/],
    ['no', 'after it was seen closed', 1_500, 2_000, /no exposure window/],
    ['not known', 'between the last good look and the first bad one', 1_150, 1_190, /may have been open between/],
    ['not known', 'between the last bad look and the first good one', 1_330, 1_370, /may have been open/],
    ['not known', 'while a look concluded nothing', 2_300, 2_450, /concluded nothing/],
    ['not known', 'after the last look', 3_700, 3_800, /nobody looked/],
    ['not known', 'where a part of it was before the first look', -600, 60, /nobody looked|on record for/],
    ['not known', 'before the first look', -600, -300, /before the first reading/],
  ])('is %s %s', async (answer, _when, from, to, why) => {
    const found = await ask(await store, from, to);
    expect([found.answer, found.why.join('\n')]).toEqual([answer, expect.stringMatching(why)]);
  });

  it('is not known of a day that is not over', async () => {
    const found = await ask(await store, 2_500, 4_000, 3_000);
    expect(found).toMatchObject({ answer: 'not known', why: [`the record ends at ${instant(3_000)}`] });
  });

  it('is not known where it is open still and nobody has looked since', async () => {
    const open = await minutes(30, { 20: OPEN, 30: OPEN });
    expect(await ask(open, 1_900, 2_000)).toMatchObject({ answer: 'not known' });
  });

  it('rests on the windows and the coverage that it shows', async () => {
    const found = await ask(await store, 1_260, 1_300);
    expect(found.windows.map(({ protection }) => protection)).toContain('authentication');
    expect(found.coverage).toMatchObject({ existed: 40, watched: 40, percent: 100 });
  });

  it('cannot be asked of what nobody knows, or of what has not come', async () => {
    const query = { on: { from: instant(0), to: instant(60) }, allowlist: EMPTY_ALLOWLIST, toolVersion: '0' };
    const other = exposed(await store, { ...query, endpointId: 'other', now: new Date(instant(90)) });
    await expect(other).rejects.toMatchObject({ code: 'bad-input' });
    await expect(ask(await store, 500, 600, 400)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
