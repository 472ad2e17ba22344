import { describe, expect, it } from 'vitest';
import { HISTORY } from '../support/an-afternoon.ts';
import { place } from '../support/command.ts';

const { ajar, file } = place();

const edited = (from: string, to: string) => file('edited.yaml', HISTORY.replace(from, to));

describe('ajar replay', () => {
  it('plays a history and says how soon each loss was told', async () => {
    const { code, stdout } = await ajar('replay', file('history.yaml', HISTORY), '--within', '6m');
    expect(stdout).toMatch(/2026-05-04 12:20Z {2}search: opened by hand\n {2}lost: network, authentication/);
    expect(stdout).toMatch(/1 alert, 0 recoveries, \d updates? for 2 incidents; 0 duplicates, 0 unfounded/);
    expect(code).toBe(0);
  });

  it('exits 1 where an alert came later than asked for, and says so in both formats', async () => {
    const { code, stdout } = await ajar('replay', file('h.yaml', HISTORY), '--within', '1s', '--format', 'json');
    expect(code).toBe(1);
    const { events } = JSON.parse(stdout) as { events: { answer: string; scans: object }[] };
    expect(events).toMatchObject([{ answer: 'late', scans: { '12h': null, '24h': null } }]);
  });

  it('exits 3 where the history ends before it can be said', async () => {
    const short = edited('until: 2026-05-04T13:00:00Z', 'until: 2026-05-04T12:20:11Z');
    expect((await ajar('replay', short)).code).toBe(3);
  });

  it('refuses a file with a mistake, with line and cure, and plays nothing', async () => {
    const { code, stderr, stdout } = await ajar('replay', edited('port: 443', 'port: 443\n    colour: red'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/edited\.yaml:13:5: unknown key "colour": remove it/);
  });

  it('names the histories that it has where there is no such file', async () => {
    const { code, stderr } = await ajar('replay', 'wyze-2020');
    expect(code).toBe(2);
    expect(stderr).toMatch(/wyze-2020:1:1: cannot be read.*\najar: histories that come with ajar: wyze-2019/s);
  });
});
