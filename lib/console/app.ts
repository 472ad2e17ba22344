/**
 * The console as one function from a request to a response, on any server: pages of what is on record, a report to download,
 * and, where the desk lets it, two things to say of an incident. It holds no session and keeps nothing.
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { AjarError } from '../model/errors.ts';
import { MAX_NOTE } from '../model/handling.ts';
import type { Report, ReportIncident } from '../model/report.ts';
import { type Markup, theirs } from '../reports/escape.ts';
import type { Desk, Said } from './desk.ts';
import { frame, type Page, STYLE_PATH, STYLESHEET } from './frame.ts';
import { allowancesPage } from './pages/allowances.ts';
import { coveragePage } from './pages/coverage.ts';
import { endpointsPage } from './pages/endpoints.ts';
import { incidentPage } from './pages/incident.ts';
import { incidentsPage } from './pages/incidents.ts';
import { nowPage } from './pages/now.ts';
import { queryOf } from './pages/query.ts';
import { reportsPage } from './pages/reports.ts';
import { HEADERS, isOurHost, isOwnPost } from './visitor.ts';

/** A note of 500 characters, each spelled as %F0%9F%98%80 at worst. */
const MAX_BODY = 16 * 1024;
const WALL_SECONDS = 60;
const DAY_MS = 86_400_000;

export interface Console {
  readonly desk: Desk;
  /** Names that this console answers to, lower case, with a port where it has one. */
  readonly hosts: readonly string[];
  /** Who is asking: their name stands in the ledger beside what they say. */
  readonly who: (request: Request) => string;
  /** Told of what is a bug of ajar's, or of its store: whoever asked is told no more than that. */
  readonly fault: (error: unknown) => void;
}

export function consoleApp({ desk, hosts, who, fault }: Console): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.use(async (c, next) => {
    const host = c.req.header('host');
    if (!isOurHost(host, hosts)) return trouble(c, 421, 'This console does not answer to that name.');
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isRead && !isOwnPost(c.req.raw.headers, host ?? ''))
      return trouble(c, 403, 'Only a page of this console may do that.');
    return next();
  });
  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => trouble(c, 413, 'That is too long.') }));
  routes(app, desk, who);
  app.notFound((c) => trouble(c, 404, 'There is no such page.'));
  app.onError((error, c) => {
    if (error instanceof AjarError && error.code === 'bad-input') return trouble(c, 400, error.message, error.cure);
    fault(error);
    return trouble(c, 500, 'ajar failed here. What is open is not known from this page.', 'Its log says why.');
  });
  return app;
}

function routes(app: Hono, desk: Desk, who: Console['who']): void {
  app.get(STYLE_PATH, (c) =>
    c.body(STYLESHEET, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'max-age=31536000, immutable',
    }),
  );
  app.get('/', async (c) => {
    const wall = c.req.query('wall') === '1';
    if (wall) c.header('refresh', String(WALL_SECONDS));
    const report = await desk.standing();
    return shown(c, { title: 'Now', wall, content: nowPage(report, desk.now()) }, report);
  });
  app.get('/incidents', (c) => listed(c, desk, 'Incidents', (report) => incidentsPage(report, queryOf(asked(c)))));
  app.get('/endpoints', (c) => listed(c, desk, 'Endpoints', (report) => endpointsPage(report, queryOf(asked(c)))));
  app.get('/coverage', (c) => listed(c, desk, 'Coverage', coveragePage));
  app.get('/allowances', (c) => listed(c, desk, 'Allowances', (report) => allowancesPage(report, desk.now())));
  app.get('/incidents/:id', async (c) => {
    const report = await desk.standing();
    const incident = found(report, c.req.param('id'));
    if (incident === undefined) return trouble(c, 404, 'No incident of the last days has this id.');
    const content = incidentPage(incident, await desk.history(incident), desk.act !== undefined);
    return shown(c, { title: 'Incident', content, ...saidOf(c.req.query('said')) }, report);
  });
  app.post('/incidents/:id/:what{ack|note}', async (c) => {
    if (desk.act === undefined) return trouble(c, 403, 'This console may only read.');
    const incident = found(await desk.standing(), c.req.param('id'));
    if (incident === undefined) return trouble(c, 404, 'No incident of the last days has this id.');
    const what = c.req.param('what');
    const said = what === 'ack' ? ({ kind: 'ack' } as const) : noteOf((await c.req.parseBody())['text']);
    if (said === undefined) return trouble(c, 400, `A note has 1 to ${MAX_NOTE} characters.`);
    const isNews = await desk.act(incident.id, said, who(c.req.raw));
    return c.redirect(`/incidents/${incident.id}?said=${isNews ? what : 'known'}`, 303);
  });
  app.get('/reports', async (c) => {
    const report = await desk.standing();
    return shown(c, { title: 'Reports', content: reportsPage(report, desk.formats, desk.now()) }, report);
  });
  app.get('/reports/download', async (c) => {
    const { name, mediaType, body } = await desk.make(askedFor(asked(c), desk));
    return c.body(new Uint8Array(body), 200, {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${name}"`,
    });
  });
}

async function listed(c: Context, desk: Desk, title: string, page: (report: Report) => Markup): Promise<Response> {
  const report = await desk.standing();
  return shown(c, { title, content: report === undefined ? nowPage(report, desk.now()) : page(report) }, report);
}

function shown(c: Context, page: Omit<Page, 'path' | 'asOf'>, report: Report | undefined): Response {
  const asOf = report?.ledger.headAt;
  return htmlOf(c, 200, frame({ ...page, path: c.req.path, ...(asOf === undefined ? {} : { asOf }) }));
}

type Status = 200 | 400 | 403 | 404 | 413 | 421 | 500;

function trouble(c: Context, status: Status, message: string, cure?: string): Response {
  const content = html`<h1>${theirs(message)}</h1>${cure !== undefined && html`<p class="lead">${theirs(cure)}</p>`}<p><a href="/">To what is open now</a></p>`;
  return htmlOf(c, status, frame({ title: 'Not possible', path: '', content }));
}

function htmlOf(c: Context, status: Status, page: string): Response {
  return c.body(page, status, { 'content-type': 'text/html; charset=utf-8' });
}

function asked(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

function found(report: Report | undefined, id: string): ReportIncident | undefined {
  return report?.incidents.find((incident) => incident.id === id);
}

function noteOf(text: unknown): Said | undefined {
  if (typeof text !== 'string' || text.trim() === '' || text.length > MAX_NOTE) return undefined;
  return { kind: 'note', text: text.trim() };
}

const SAID: ReadonlyMap<string, string> = new Map([
  ['ack', 'Acknowledged. It stands in the ledger with your name.'],
  ['note', 'The note stands in the ledger with your name.'],
  ['known', 'That was said before: nothing was written.'],
]);

function saidOf(said: string | undefined): { readonly said?: string } {
  const words = SAID.get(said ?? '');
  return words === undefined ? {} : { said: words };
}

/** From the first instant of a day to the last of another, UTC; of today, as far as anybody looked. Throws `bad-input`. */
function askedFor(asked: URLSearchParams, desk: Desk): Parameters<Desk['make']>[0] {
  const day = (name: string): Date => {
    const value = asked.get(name) ?? '';
    const instant = /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : new Date(Number.NaN);
    if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(value))
      throw new AjarError('bad-input', `"${name}" has to be a day like 2026-12-04`, {});
    return instant;
  };
  const formats = [...new Set(asked.getAll('format'))];
  if (formats.length === 0 || formats.some((name) => !desk.formats.includes(name)))
    throw new AjarError('bad-input', 'choose one format at least, of those offered', {});
  const [from, end] = [day('from').toISOString(), new Date(day('to').getTime() + DAY_MS)];
  return { from, ...(end > desk.now() ? {} : { to: end.toISOString() }), formats };
}
