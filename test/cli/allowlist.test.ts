import { describe, expect, it } from 'vitest';
import { LAB, openRedis, place } from '../support/command.ts';
import { sessionsDoor } from '../support/sessions-door.ts';

const { ajar, at, file } = place();
const { entry, mood } = await openRedis();
const ENTRY = sessionsDoor('2027-10-31');
const doors = file('doors.yaml', `version: 1\nentries:\n${ENTRY}`);
const inventory = file('inventory.yaml', `version: 1\nendpoints:\n${entry('sessions', ', account: "111122223333"')}`);
const other = () => file('others.yaml', `version: 1\nendpoints:\n${entry('sessions', ', account: "999988887777"')}`);
interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly locations: readonly { physicalLocation: object }[];
    }[];
  }[];
}
const explain = (...flags: string[]) => ajar('allowlist', 'explain', 'sessions', '--allowlist', doors, ...flags);

describe('allowlist check', () => {
  it('says without an inventory that use was not judged', async () => {
    const { stdout } = await ajar('allowlist', 'check', doors);
    expect(stdout).toMatch(/doors\.yaml: 1 entry, valid; sha256 [0-9a-f]{64}\n/);
    expect(stdout).toMatch(/use was not judged: no inventory; pass --file inventory\.yaml\n$/);
    const json = await ajar('allowlist', 'check', doors, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ entries: 1, useJudged: false });
  });

  it('does not say so with one', async () => {
    const { stdout } = await ajar('allowlist', 'check', doors, '--file', inventory);
    expect(stdout).not.toMatch(/not judged/);
    const json = await ajar('allowlist', 'check', doors, '--file', inventory, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ useJudged: true });
  });

  it('counts as people do', async () => {
    const none = file('none.yaml', 'version: 1\nentries: []\n');
    expect((await ajar('allowlist', 'check', none)).stdout).toContain(': 0 entries, valid');
  });
});

describe('allowlist check --format sarif', () => {
  it('is a document for pull requests, with the line of each finding; and of a list that does not load where it is wrong', async () => {
    const { stdout, code } = await ajar('allowlist', 'check', 'doors.yaml', '--file', other(), '--format', 'sarif');
    expect(code).toBe(1);
    const [run] = (JSON.parse(stdout) as Sarif).runs;
    expect(run?.results.map((r) => [r.ruleId, r.locations[0]?.physicalLocation])).toContainEqual([
      'unused',
      { artifactLocation: { uri: 'doors.yaml' }, region: { startLine: 3, startColumn: 5 } },
    ]);
    file('wrong.yaml', 'version: 1\nentries:\n  - id: x\n');
    const wrong = await ajar('allowlist', 'check', 'wrong.yaml', '--format', 'sarif');
    expect([wrong.code, (JSON.parse(wrong.stdout) as Sarif).runs[0]?.results[0]?.ruleId]).toEqual([2, 'does-not-load']);
  });
});

describe('allowlist explain', () => {
  it('says that an endpoint is open now, beside the entry that covers it', async () => {
    mood.protect = false;
    await ajar('scan', '--file', inventory, '--state', at('open'), ...LAB);
    for (const flags of [
      ['--state', at('open')],
      ['--state', at('open'), '--file', inventory],
    ]) {
      const { code, stdout } = await explain(...flags);
      expect(code).toBe(0);
      expect(stdout).toMatch(/covers +sessions-door: matches in every respect/);
      expect(stdout).toMatch(/last seen EXPOSED, which no entry accepts, \d{4}-\d\d-\d\dT[\d:.]+Z: \S/);
      expect(stdout).toMatch(/open critical: authentication first seen -> off since \d{4}-/);
    }
    const { stdout } = await explain('--state', at('open'), '--format', 'json');
    const { now } = JSON.parse(stdout) as { now: { verdict: { name: string }; incidents: { protection: string }[] } };
    expect(now.verdict.name).toBe('exposed');
    expect(now.incidents.map((i) => i.protection)).toContain('authentication');
  });

  it('says how an endpoint stands that asks for a password', async () => {
    mood.protect = true;
    await ajar('scan', '--file', inventory, '--state', at('shut'), '--allowlist', doors, ...LAB);
    const { stdout } = await explain('--state', at('shut'));
    expect(stdout).toMatch(/last seen reachable, /);
    expect(stdout).not.toMatch(/EXPOSED|open critical/);
  });

  it.each([
    ['there is no state', 'nowhere', /how it stands is not known: .*nowhere\/ajar\.db does not exist/],
    ['it was never scanned into it', 'open', /how it stands is not known: never scanned into .*open/],
  ])('says that it is not known where %s', async (_, state, message) => {
    const other = file('other.yaml', `version: 1\nendpoints:\n${entry('never')}`);
    const { code, stdout } = await ajar('allowlist', 'explain', 'never', '--file', other, '--state', at(state));
    expect(code).toBe(0);
    expect(stdout).toMatch(message);
  });
});

describe('allowlist diff', () => {
  it('says what would start and stop to alert, as of the last look', async () => {
    mood.protect = true;
    const state = at('diffed');
    await ajar('scan', '--file', inventory, '--state', state, '--allowlist', doors, ...LAB);
    const gone = await ajar('allowlist', 'diff', doors, 'none', '--state', state);
    expect(gone).toMatchObject({ code: 0, stderr: '' });
    expect(gone.stdout).toMatch(
      /^removed: sessions-door\nwould start to alert: 2 protections\n {2}sessions: network off/,
    );
    expect(gone.stdout).toMatch(
      /\(was covered by sessions-door\)\njudged on the last look at 1 endpoint; nothing was probed\n$/,
    );
    const same = await ajar('allowlist', 'diff', doors, doors, '--state', state);
    expect(same.stdout).toMatch(/^nothing would start or stop to alert\n/);
    const json = await ajar('allowlist', 'diff', 'none', doors, '--state', state, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ endpoints: 1, added: ['sessions-door'] },
      alerts: [
        { protection: 'network', change: 'stops', by: ['sessions-door'] },
        { protection: 'tls', change: 'stops', by: ['sessions-door'] },
      ],
    });
  });

  it('needs a state to judge by', async () => {
    expect(await ajar('allowlist', 'diff', doors, 'none', '--state', at('nowhere'))).toMatchObject({ code: 2 });
  });
});
