import { beforeAll, describe, expect, it } from 'vitest';
import { LAB, openRedis, place } from '../support/command.ts';
import { sessionsDoor } from '../support/sessions-door.ts';

const { ajar, at, file } = place();
const { entry, mood } = await openRedis();
const inventory = file('inventory.yaml', `version: 1\nendpoints:\n${entry('sessions', ', account: "111122223333"')}`);
const doors = file('doors.yaml', `version: 1\nentries:\n${sessionsDoor('2027-10-31')}`);
const STATE = ['--state', at('state')];

beforeAll(async () => {
  mood.protect = true;
  await ajar('scan', '--file', inventory, '--allowlist', doors, ...STATE, ...LAB);
  mood.protect = false;
  await ajar('scan', '--file', inventory, '--allowlist', doors, ...STATE, ...LAB);
}, 60_000);

describe('ajar explain', () => {
  it('tells the whole chain, from what was asked to what was sent', async () => {
    const { stdout, code } = await ajar('explain', 'sessions', '--allowlist', doors, ...STATE);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sessions: EXPOSED\nredis at 127\.0\.0\.1:\d+, 111122223333; listed in a file of yours\n/);
    const chain = [
      /^1\. What was asked.*\n {3}PING .*\n(.*\n)+? {3}Nothing else is ever sent/m,
      /^2\. From where.*\n {3}\S+, \d{4}-.*: redis .*answers; without TLS: .*; ANYONE IS LET IN without credentials\n {5}decided by rule redis\/info-bulk: INFO answers anyone$/m,
      /^3\. .*\n(.*\n)+? {3}authentication +NOT in force, as seen from outside/m,
      /^4\. .*\n {3}exposed: A stranger can read it\.\n {3}because /m,
      /^5\. .*\n.*1 of 1 entries cover this endpoint\n {3}network +may be reached from the internet \(sessions-door\)\n {3}tls +may be missing.*\n {3}authentication +must be demanded/m,
      /^6\. .*\n {5}incident /m,
      /what +authentication on -> off, removed, observed$/m,
      /who +not attributed/,
      /ajar decided: opened$/m,
      /message "opened" accepted by stdout/,
    ];
    for (const part of chain) expect(stdout).toMatch(part);
  });

  it('says the same to programs', async () => {
    const { stdout } = await ajar('explain', 'sessions', '--format', 'json', ...STATE);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: { name: 'exposed' },
      seen: [{ rule: 'INFO answers anyone', look: { auth: { state: 'open-anonymous' } } }],
      allowlist: { entries: [] },
      incidents: [{ incident: { protection: 'authentication' }, history: [{ what: 'opened' }, { kind: 'notice' }] }],
    });
  });

  it('says where there is no allowlist that nothing is accepted', async () => {
    const { stdout } = await ajar('explain', 'sessions', ...STATE);
    expect(stdout).toContain('There is none: nothing is accepted');
  });

  it('offers what is close to a name that it does not know', async () => {
    const { code, stderr } = await ajar('explain', 'Session', ...STATE);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Session: never scanned\n.*did you mean sessions\?/);
  });
});
