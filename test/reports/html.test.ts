import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { html } from '../../lib/reports/html.ts';
import { SCRIPT } from '../../lib/reports/page/script.ts';
import { MAX_ROSTER } from '../../lib/reports/page/roster.ts';
import { headline } from '../../lib/reports/page/summary.ts';
import { largeReport } from '../support/large-report.ts';
import { attribute, elements, text } from '../support/read-page.ts';
import { textFiles } from '../support/report-files.ts';
import { totalsOf } from '../support/report-parts.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

function page(report: Report): string {
  return textFiles(html, report)[0]?.content ?? '';
}

describe('the page asks for nothing', () => {
  const content = page(SAMPLE_REPORT);
  const tags = (name: string) => elements(content, ({ tagName }) => tagName === name);

  test('its policy lets its own stylesheet apply and its own script run, and nothing else', () => {
    const policy = tags('meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy');
    const [style, script] = [tags('style').map(text), tags('script').map(text)];
    const hash = (content = '') => createHash('sha256').update(content).digest('base64');
    expect([style.length, script.length]).toEqual([1, 1]);
    expect(policy && attribute(policy, 'content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash(style[0])}'; script-src 'sha256-${hash(script[0])}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  test('it holds no other script, no handler, no inline style, and links only within itself', () => {
    expect(tags('script').map(text)).toEqual([SCRIPT]);
    // It moves what is there: of nothing that it reads does it make markup or code.
    expect(SCRIPT).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function|fetch|XMLHttp|import|location|cookie|storage/i,
    );
    expect(['iframe', 'object', 'embed', 'img', 'form', 'base'].flatMap(tags)).toEqual([]);
    const attributes = elements(content, () => true).flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'src')).toEqual([]);
    const links = attributes.filter(({ name }) => name === 'href').map(({ value }) => value);
    expect(links.filter((link) => !link.startsWith('#') && link !== 'data:,')).toEqual([]);
    expect(content).not.toMatch(/@import|url\((?!#)/);
  });

  test.each([
    ['full', SAMPLE_REPORT],
    ['empty', EMPTY_REPORT],
  ])('every link of a %s page leads somewhere', (_name, report) => {
    const all = elements(page(report), () => true);
    const ids = all.map((each) => attribute(each, 'id')).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    const links = all.filter(({ tagName }) => tagName === 'a').map((each) => attribute(each, 'href')?.slice(1));
    expect(links.filter((link) => !ids.includes(link ?? ''))).toEqual([]);
  });
});

test('what is open is named worst first, whenever it began', () => {
  const [one] = SAMPLE_REPORT.incidents.filter(({ status }) => status === 'open');
  if (one === undefined) throw new Error('the sample has an open window');
  const late = { ...one, name: 'late-and-critical', score: 99 };
  const early = Array.from({ length: 6 }, (_, at) => ({
    ...one,
    name: `early-${at}`,
    severity: 'low' as const,
    score: 20,
  }));
  const named = page({ ...SAMPLE_REPORT, incidents: [...early, late] });
  const [list] = elements(named, (each) => attribute(each, 'class') === 'open-now');
  const words = list === undefined ? [] : elements(list, ({ tagName }) => tagName === 'li').map(text);
  expect(words).toHaveLength(5);
  expect(words[0]).toContain('late-and-critical');
});

describe('the headline', () => {
  const closed = SAMPLE_REPORT.incidents.filter(({ status }) => status === 'closed');
  const safe = SAMPLE_REPORT.endpoints.filter(({ posture }) => posture.verdict.name === 'protected');
  const reachable = SAMPLE_REPORT.endpoints.filter(({ posture }) => posture.verdict.name === 'reachable');
  const unknown = SAMPLE_REPORT.endpoints.filter(({ posture }) => posture.verdict.name === 'unknown');

  test.each([
    ['One exposure window is open.', SAMPLE_REPORT.totals],
    ['2 exposure windows are open.', { ...SAMPLE_REPORT.totals, open: 2 }],
    ['Nothing was watched.', totalsOf([], [], 0)],
    ['Nothing was seen open, but not everything was seen.', totalsOf(safe, closed, 1)],
    ['Nothing was seen open, but not everything was seen.', totalsOf([...safe, ...unknown], closed, 0)],
    ['Nothing is open that was not accepted.', totalsOf([...safe, ...reachable], closed, 0)],
    ['Nothing is open.', totalsOf(safe, closed, 0)],
  ])('says %j', (expected, totals) => {
    expect(headline({ ...SAMPLE_REPORT, totals })).toBe(expected);
  });
});

describe('a period that the record does not fill', () => {
  const closed = SAMPLE_REPORT.incidents.filter(({ status }) => status === 'closed');
  const safe = SAMPLE_REPORT.endpoints.filter(({ posture }) => posture.verdict.name === 'protected');
  const calm: Report = { ...SAMPLE_REPORT, endpoints: safe, incidents: closed, totals: totalsOf(safe, closed, 0) };
  const [from, to] = ['2019-12-02T00:00:00.000Z', '2019-12-03T08:30:00.000Z'];
  const unwatched = (why: 'before' | 'between' | 'after'): Report => ({
    ...calm,
    coverage: { ...calm.coverage, unwatched: [{ from, to, why }] },
  });

  test.each([
    ['before', 'Nothing is known before 3 Dec 2019 08:30:00, the first reading on record.'],
    ['between', 'Nothing is known from 2 Dec 2019 00:00:00 to 3 Dec 2019 08:30:00: nobody looked.'],
    ['after', 'Nothing is known after 2 Dec 2019 00:00:00: nobody has looked since.'],
  ] as const)('says so at the top (%s), and is never calm', (why, sentence) => {
    const content = page(unwatched(why));
    const [list] = elements(content, (each) => attribute(each, 'class') === 'unwatched');
    expect(list && text(list)).toBe(sentence);
    expect(headline(calm)).toBe('Nothing is open.');
    expect(headline(unwatched(why))).toBe('Nothing was seen open, but not everything was seen.');
  });

  test('names five stretches and counts the rest', () => {
    const stretches = Array.from({ length: 7 }, () => ({ from, to, why: 'between' as const }));
    const content = page({ ...calm, coverage: { ...calm.coverage, unwatched: stretches } });
    expect(content).toContain('+2 more stretches in summary.csv.');
    expect(page(calm)).not.toContain('class="unwatched"');
  });
});

describe('a report of the past', () => {
  const coverage = { ...SAMPLE_REPORT.coverage, lastReadingAt: '2020-01-20T00:00:00.000Z' };
  const [, , , , open] = SAMPLE_REPORT.incidents as readonly Report['incidents'][number][];
  const closedLater = {
    ...{ lower: '2020-01-02T00:00:00.000Z', upper: '2020-01-03T00:00:00.000Z' },
    cause: 'fixed' as const,
  };
  const endpoints = SAMPLE_REPORT.endpoints.map((each) => {
    const { tls: _tls, ...posture } = each.posture;
    return { ...each, posture, verdictFrom: 'ledger' as const };
  });
  const incidents = open === undefined ? [] : [{ ...open, closedLater }];
  const past: Report = { ...SAMPLE_REPORT, coverage, endpoints, incidents, totals: totalsOf(endpoints, incidents, 0) };

  test.each([
    ['One exposure window was not seen closed by the end of the period.', past.totals],
    ['3 exposure windows were not seen closed by the end of the period.', { ...past.totals, open: 3 }],
    ['Nothing was open that was not accepted.', { ...totalsOf(endpoints.slice(3, 4), [], 0) }],
    ['Nothing was open at the end of the period.', { ...totalsOf(endpoints.slice(0, 1), [], 0) }],
  ])('does not speak of now: %s', (expected, totals) => {
    expect(headline({ ...past, totals })).toBe(expected);
  });

  test('an open window shows that it was open then, and how it ended since', () => {
    const [row] = elements(page(past), (each) => attribute(each, 'id') === 'incident-1');
    const shown = row === undefined ? '' : text(row).replaceAll(/\s+/g, ' ');
    expect(shown).toContain('open at the end of the period; later:');
    expect(shown).toContain('first seen good 3 Jan 2020 00:00:00');
    expect(shown).toContain('by the end of the period');
    expect(shown).not.toContain('and counting');
  });

  test('what the ledger does not hold is not on record, which is not the same as never', () => {
    const [roster] = elements(page(past), (each) => attribute(each, 'class') === 'roster');
    const shown = roster === undefined ? '' : text(roster);
    expect(shown).toContain('or later');
    expect(shown).toContain('not on record');
    expect(shown).not.toMatch(/never|none seen/);
  });
});

describe('tables', () => {
  const content = page(SAMPLE_REPORT);

  test('an incident shows the bounds of its window and no instant between them', () => {
    const [row] = elements(content, (each) => attribute(each, 'id') === 'incident-2');
    const times =
      row === undefined
        ? []
        : elements(row, ({ tagName }) => tagName === 'time').map((each) => attribute(each, 'datetime'));
    const { start, closed } = SAMPLE_REPORT.incidents[1] as Report['incidents'][number];
    expect(times).toEqual([start.exact, start.lower, start.upper, closed?.lower, closed?.upper]);
  });

  test('an incident found at adoption was never seen good and has no bounded time to detect', () => {
    const [row] = elements(content, (each) => attribute(each, 'id') === 'incident-1');
    const shown = row === undefined ? '' : text(row).replaceAll(/\s+/g, ' ');
    expect(shown).toContain('last seen good never');
    expect(shown).toContain('found at adoption');
    expect(shown).toContain('start unknown');
  });

  test('every column and every row has a header', () => {
    for (const table of elements(content, ({ tagName }) => tagName === 'table')) {
      const scopes = elements(table, ({ tagName }) => tagName === 'th').map((each) => attribute(each, 'scope'));
      const bodies = elements(table, ({ tagName }) => tagName === 'tbody').length;
      expect(scopes.filter((scope) => scope === 'row')).toHaveLength(bodies);
      expect(scopes.filter((scope) => scope === undefined)).toEqual([]);
      expect(elements(table, ({ tagName }) => tagName === 'caption')).toHaveLength(1);
    }
  });

  test('the roster lists the worst verdict first and says how many it leaves out', () => {
    const verdicts = elements(content, (each) => (attribute(each, 'class') ?? '').startsWith('verdict ')).map(text);
    expect(verdicts).toEqual(['exposed', 'reachable', 'latent', 'unknown', 'protected', 'protected', 'protected']);
    const one = SAMPLE_REPORT.endpoints[0] as Report['endpoints'][number];
    const many = Array.from({ length: MAX_ROSTER + 2 }, () => one);
    expect(page({ ...SAMPLE_REPORT, endpoints: many })).toContain('+2 more in endpoints.csv.');
  });

  test('and a long page is never in memory as one', () => {
    const [file] = html.render(largeReport(4_000));
    if (typeof file?.content !== 'function') throw new Error('the page is no pieces');
    const pieces = Array.from(file.content(), ({ length }) => length);
    const whole = pieces.reduce((sum, length) => sum + length, 0);
    expect(whole).toBeGreaterThan(4_000_000);
    expect(Math.max(...pieces)).toBeLessThan(200_000);
  });
});

describe('what an auditor asks beyond findings', () => {
  const content = page(SAMPLE_REPORT);
  const inside = (id: string) => {
    const [section] = elements(content, (each) => attribute(each, 'id') === id);
    if (section === undefined) throw new Error(`no section ${id}`);
    return section;
  };

  test('every objective is a row, its state said in words', () => {
    const rows = elements(inside('objectives'), ({ tagName }) => tagName === 'tbody').map(text);
    expect(rows).toHaveLength(11);
    SAMPLE_REPORT.evidence.objectives.forEach(({ id, title, state }, at) => {
      expect(rows[at]).toContain(`${id} ${title}`);
      expect(rows[at]).toContain(state.replaceAll('-', ' '));
    });
  });

  test('an id that was not checked against its publisher is marked, one that was is not', () => {
    const said = text(inside('objectives'));
    expect(said).toContain('[Opensearch.2]');
    expect(said).toMatch(/(?<!\[)SC-7\(3\)(?!\])/);
  });

  test('it supports, and never says that anything complies', () => {
    expect(text(inside('objectives'))).toContain('Supports');
    expect(content).not.toMatch(/complian|complies|certif(y|ied)\b/i);
  });

  test('coverage is drawn with its figure beside each bar, and every stretch unseen is a row', () => {
    const said = text(inside('coverage'));
    expect(said).toContain('99.812 %');
    expect(said).toContain('lasted at the end');
    expect(elements(inside('coverage'), ({ tagName }) => tagName === 'tbody')).toHaveLength(3);
  });

  test.each([
    ['population', ['2 of 4 cells', 'rds:DescribeDBInstances', 'listed by no service']],
    ['metrics', ['1 window was open', '5 min 1 s']],
    ['exceptions', ['bi-night-2019', 'over broad', 'break glass', 'not on record']],
    ['changes', ['muted until', 'ajar 0.0.9 to 0.1.0', 'jdoe']],
    ['mapping', ['CSF 2.0 catalogue', 'not all']],
    ['integrity', ['ajar report reproduce', '166 signed checkpoints', 'Last checkpoint']],
  ])('%s is told', (id, words) => {
    for (const word of words) expect(text(inside(id))).toContain(word);
  });
});
