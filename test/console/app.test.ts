import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { consoleApp } from '../../lib/console/app.ts';
import { PAGES, STYLE_PATH } from '../../lib/console/frame.ts';
import { HEADERS } from '../../lib/console/visitor.ts';
import type { Report } from '../../lib/model/report.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { attribute, elements, takeApart } from '../support/read-page.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';
import { type FakeDesk, fakeDesk, moments } from './desk.ts';

const HOST = '127.0.0.1:7080';
const OWN = { 'sec-fetch-site': 'same-origin' };
const OPEN = SAMPLE_REPORT.incidents.find(({ status }) => status === 'open')?.id ?? '';
const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as string[];

interface Visit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

type Ask = (path: string, visit?: Visit) => Response | Promise<Response>;

function consoleOf(desk: FakeDesk, faults: unknown[] = []): Ask {
  const app = consoleApp({ desk, hosts: [HOST], who: () => 'jdoe', fault: (error) => faults.push(error) });
  return (path, { method = 'GET', headers = {}, form } = {}) =>
    app.fetch(
      new Request(`http://${HOST}${path}`, {
        method,
        headers: { host: HOST, ...headers },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      }),
    );
}

const PATHS = [
  ...PAGES.map(([path]) => path),
  `/incidents/${OPEN}`,
  '/?wall=1',
  '/incidents?status=open&q=x',
  '/nowhere',
];

describe('every page', () => {
  const ask = consoleOf(fakeDesk(SAMPLE_REPORT, { history: moments('calm') }));

  test.each(PATHS)('%s: nothing inline, nothing from elsewhere, no script', async (path) => {
    const answer = await ask(path);
    for (const [name, value] of Object.entries(HEADERS)) expect(answer.headers.get(name)).toBe(value);
    const page = await answer.text();
    expect(
      elements(page, ({ tagName }) => tagName === 'script' || tagName === 'style' || tagName === 'iframe'),
    ).toEqual([]);
    expect(
      elements(page, (element) => element.attrs.some(({ name }) => name === 'style' || name.startsWith('on'))),
    ).toEqual([]);
    const sheets = elements(page, (element) => attribute(element, 'rel') === 'stylesheet').map((each) =>
      attribute(each, 'href'),
    );
    expect(sheets).toEqual([STYLE_PATH]);
  });

  test('each link leads to a page that is there', async () => {
    const seen = new Set<string>();
    const queue = ['/'];
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 200]);
      const links = elements(await answer.text(), ({ tagName }) => tagName === 'a').map(
        (each) => attribute(each, 'href') ?? '',
      );
      queue.push(...links.filter((href) => href.startsWith('/')));
    }
    expect(seen).toContain(`/incidents/${OPEN}`);
    expect(seen.size).toBeGreaterThan(PAGES.length);
  });

  test('the stylesheet may be kept for good: its name is that of its content', async () => {
    const answer = await ask(STYLE_PATH);
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-security-policy')).toBe(HEADERS['content-security-policy']);
  });

  test('the wall view asks again each minute, and only that one', async () => {
    expect((await ask('/?wall=1')).headers.get('refresh')).toBe('60');
    expect((await ask('/')).headers.get('refresh')).toBeNull();
  });
});

describe('what is shown', () => {
  test('the worst open window comes first, with how long it is known', async () => {
    const page = await (await consoleOf(fakeDesk(SAMPLE_REPORT))('/')).text();
    expect(page).toContain('One exposure window is open.');
    expect(page).toContain(`href="/incidents/${OPEN}"`);
    expect(page).toContain('4 h 27 min');
  });

  test('a calm headline needs evidence', async () => {
    expect(await (await consoleOf(fakeDesk(EMPTY_REPORT))('/')).text()).toContain('Nothing was watched.');
    expect(await (await consoleOf(fakeDesk(undefined))('/coverage')).text()).toContain('Nothing was watched yet.');
  });

  test('filters keep what fits, and an odd page number is the first', async () => {
    const ask = consoleOf(fakeDesk(SAMPLE_REPORT));
    const rows = async (path: string): Promise<number> =>
      elements(await (await ask(path)).text(), ({ tagName }) => tagName === 'tbody').length;
    expect(await rows('/incidents')).toBe(SAMPLE_REPORT.incidents.length);
    expect(await rows('/incidents?status=open')).toBe(1);
    expect(await rows('/incidents?q=no-such-name')).toBe(0);
    expect(await rows('/incidents?page=-3e9')).toBe(SAMPLE_REPORT.incidents.length);
    expect(await rows('/endpoints?verdict=exposed')).toBe(SAMPLE_REPORT.totals.verdicts.exposed);
  });
});

describe('a name that a stranger chose', () => {
  const view = async (report: Report, text: string, path: string): Promise<string> => {
    const id = report.incidents[0]?.id ?? '';
    const ask = consoleOf(fakeDesk(report, { history: moments(text) }));
    return (await ask(path.replace(':id', id))).text();
  };

  test.each(['/', '/incidents', '/incidents/:id', '/endpoints', '/coverage', '/allowances', '/reports'])(
    'is a text alone on %s, whatever it is',
    async (path) => {
      const calm = takeApart(await view(hostileReport('calm'), 'calm', path));
      for (const text of HOSTILE) {
        const { frame, texts } = takeApart(await view(hostileReport(text), text, path));
        expect(frame).toBe(calm.frame);
        expect(texts).toHaveLength(calm.texts.length);
      }
    },
  );

  test('in the address is one too', async () => {
    const page = await (
      await consoleOf(fakeDesk(SAMPLE_REPORT))('/incidents?q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E')
    ).text();
    expect(elements(page, ({ tagName }) => tagName === 'img')).toEqual([]);
    expect(elements(page, (each) => attribute(each, 'name') === 'q').map((each) => attribute(each, 'value'))).toEqual([
      '"><img src=x onerror=alert(1)>',
    ]);
  });
});

describe('what people say', () => {
  let desk: FakeDesk;
  let ask: Ask;
  beforeEach(() => {
    desk = fakeDesk(SAMPLE_REPORT);
    ask = consoleOf(desk);
  });

  test('an acknowledgement goes to the ledger in their name, once', async () => {
    const first = await ask(`/incidents/${OPEN}/ack`, { method: 'POST', headers: OWN, form: {} });
    expect([first.status, first.headers.get('location')]).toEqual([303, `/incidents/${OPEN}?said=ack`]);
    const again = await ask(`/incidents/${OPEN}/ack`, { method: 'POST', headers: OWN, form: {} });
    expect(again.headers.get('location')).toBe(`/incidents/${OPEN}?said=known`);
    expect(desk.acts[0]).toEqual({ id: OPEN, said: { kind: 'ack' }, by: 'jdoe' });
    expect(await (await ask(`/incidents/${OPEN}?said=known`)).text()).toContain('nothing was written');
  });

  test.each([
    ['nothing at all', {}],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: `http://${HOST}` }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['a link', { 'sec-fetch-site': 'none' }],
    ['an old browser on another site', { origin: 'http://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('a post from %s is refused', async (_, headers) => {
    const answer = await ask(`/incidents/${OPEN}/ack`, { method: 'POST', headers, form: {} });
    expect(answer.status).toBe(403);
    expect(desk.acts).toEqual([]);
  });

  test('an old browser that names our own origin is heard', async () => {
    const headers = { origin: `http://${HOST}` };
    await ask(`/incidents/${OPEN}/note`, { method: 'POST', headers, form: { text: ' rule removed ' } });
    expect(desk.acts).toEqual([{ id: OPEN, said: { kind: 'note', text: 'rule removed' }, by: 'jdoe' }]);
  });

  test.each([
    ['an empty note', { text: ' ' }, 400],
    ['no note', {}, 400],
    ['a note of 501 characters', { text: 'x'.repeat(501) }, 400],
    ['a body of 64 KiB', { text: 'x'.repeat(65_536) }, 413],
  ])('%s is refused', async (_, form: Record<string, string>, status) => {
    const answer = await ask(`/incidents/${OPEN}/note`, { method: 'POST', headers: OWN, form });
    expect(answer.status).toBe(status);
    expect(desk.acts).toEqual([]);
  });

  test('nobody says anything where one may only read', async () => {
    const reading = consoleOf(fakeDesk(SAMPLE_REPORT, { mayAct: false }));
    expect(elements(await (await reading(`/incidents/${OPEN}`)).text(), ({ tagName }) => tagName === 'form')).toEqual(
      [],
    );
    expect((await reading(`/incidents/${OPEN}/ack`, { method: 'POST', headers: OWN, form: {} })).status).toBe(403);
  });

  test('of an incident that is not there nothing can be said', async () => {
    const answer = await ask('/incidents/00000000-0000-0000-0000-000000000000/ack', {
      method: 'POST',
      headers: OWN,
      form: {},
    });
    expect(answer.status).toBe(404);
  });
});

test.each(['evil.example', 'evil.example:7080', '127.0.0.1:7081', '127.0.0.1'])(
  'a name that resolves here but is not ours (%s) gets nothing',
  async (host) => {
    const answer = await consoleOf(fakeDesk(SAMPLE_REPORT))('/', { headers: { host } });
    expect(answer.status).toBe(421);
    expect(await answer.text()).not.toContain(OPEN);
  },
);

describe('a report to download', () => {
  test('is made of what was asked for', async () => {
    const desk = fakeDesk(SAMPLE_REPORT);
    const ask = consoleOf(desk);
    const answer = await ask('/reports/download?from=2019-12-01&to=2019-12-08&format=html&format=csv&format=html');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="ajar-report.zip"');
    await ask('/reports/download?from=2019-12-01&to=2019-12-09&format=html');
    expect(desk.asked).toEqual([
      { from: '2019-12-01T00:00:00.000Z', to: '2019-12-09T00:00:00.000Z', formats: ['html', 'csv'] },
      { from: '2019-12-01T00:00:00.000Z', formats: ['html'] },
    ]);
  });

  test.each([
    'from=2019-12-01&to=2019-12-09',
    'from=2019-02-30&to=2019-12-09&format=html',
    'from=2019-12-01&format=html',
    'from=2019-12-01&to=2019-12-09&format=exe',
    'from=2019-12-01T00:00&to=2019-12-09&format=html',
  ])('of %s is refused in words', async (query) => {
    const answer = await consoleOf(fakeDesk(SAMPLE_REPORT))(`/reports/download?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<h1>');
  });
});

test('what fails is told to the log, and the page claims nothing', async () => {
  const faults: unknown[] = [];
  const desk = {
    ...fakeDesk(SAMPLE_REPORT),
    standing: () => Promise.reject(new Error('disk of /srv/secret-name is full')),
  };
  const answer = await consoleOf(desk, faults)('/');
  expect(answer.status).toBe(500);
  const page = await answer.text();
  expect(page).not.toContain('secret-name');
  expect(page).not.toContain('Nothing is open');
  expect(faults).toHaveLength(1);
});
