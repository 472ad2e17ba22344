import { describe, expect, it } from 'vitest';
import { passesOver } from '../support/passes.ts';

const [A, B] = ['111111111111', '222222222222'];

describe('a pass that meets what nobody expected', () => {
  it.each(['sweep', 'exists', 'regions', 'names'])(
    'goes on with all other accounts where %s of one account throws, and says so',
    async (what) => {
      const { organisation, pass } = passesOver([A, B], ['eu-west-1']);
      organisation.plant(A, 'eu-west-1', 'rds', 'a', { open: true });
      const other = organisation.plant(B, 'eu-west-1', 'rds', 'b');
      await pass();
      organisation.broken.add(`${what} ${A}`);
      organisation.remove(A, 'eu-west-1', 'rds', 'a');
      await pass();
      const { endpoints, gone, gaps } = await pass();
      expect(endpoints.map((e) => e.id)).toContain(other.id);
      const said = gaps.filter((g) => g.code === 'fault').map((g) => g.detail);
      expect(new Set(said)).toEqual(new Set([`TypeError: ${what} of ${A} broke`]));
      // Only the API's own word makes it gone. A place that is known is read also where nobody could list it.
      const answers = what === 'names' || what === 'regions';
      expect(gone.map((e) => e.name)).toEqual(answers ? ['a'] : []);
    },
  );

  it('keeps the state of an endpoint whose service answers as if it were not there, once it was', async () => {
    const { organisation, pass, later } = passesOver([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'a', { open: true });
    await pass({ full: false });
    organisation.fail(`${A}/eu-west-1/rds`, 'not-offered');
    later(6);
    const { endpoints, gaps, coverage } = await pass({ full: false });
    expect(endpoints).toMatchObject([{ id: planted.id, declared: {} }]);
    expect(gaps.map((g) => g.code)).toEqual(['not-answered', 'not-answered']);
    expect(coverage.cells).toMatchObject({ failed: 1, 'not-offered': 0 });
  });
});

describe('a deletion', () => {
  it('is told again by the next pass when the run that learned of it ended before it was judged', async () => {
    const { organisation, pass, later, incidents } = passesOver([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'a');
    await pass();
    organisation.plant(A, 'eu-west-1', 'rds', 'a', { open: true });
    await pass();
    organisation.remove(A, 'eu-west-1', 'rds', 'a');
    await pass();
    // Killed between the sweep and the judgement.
    expect((await pass({ judged: false })).gone.map((e) => e.id)).toEqual([planted.id]);
    expect((await incidents()).map((i) => i.status)).toEqual(['open']);
    later(1);
    expect((await pass({ full: false })).gone.map((e) => e.id)).toEqual([planted.id]);
    expect((await incidents()).map((i) => [i.status, i.closed?.cause])).toEqual([['closed', 'deleted']]);
    later(1);
    const after = await pass();
    expect([after.gone, after.endpoints]).toEqual([[], []]);
  });

  it('is forgotten when the resource is there again before it was judged', async () => {
    const { organisation, pass, incidents } = passesOver([A], ['eu-west-1']);
    organisation.plant(A, 'eu-west-1', 'rds', 'a');
    await pass();
    organisation.plant(A, 'eu-west-1', 'rds', 'a', { open: true });
    await pass();
    organisation.remove(A, 'eu-west-1', 'rds', 'a');
    await pass();
    await pass({ judged: false });
    organisation.plant(A, 'eu-west-1', 'rds', 'a', { open: true });
    const { gone, endpoints } = await pass();
    expect([gone, endpoints.length]).toEqual([[], 1]);
    expect((await incidents()).map((i) => i.status)).toEqual(['open']);
  });
});
