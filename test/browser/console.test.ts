/**
 * The console in a real browser over a real server on loopback: it reads on a phone and on a wall, in the dark, by keyboard
 * alone, with script off; nothing is fetched from elsewhere, and what is said reaches the desk.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { consoleApp } from '../../lib/console/app.ts';
import { PAGES } from '../../lib/console/frame.ts';
import type { Server } from '../../lib/net/serve.ts';
import { serveApp } from '../../lib/net/serve-app.ts';
import { type FakeDesk, fakeDesk, moments } from '../console/desk.ts';
import { hasChromium, launch, overflow, seriousFindings, type Shots, shotsOf } from '../support/browser.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const OPEN = SAMPLE_REPORT.incidents.find(({ status }) => status === 'open')?.id ?? '';
const PATHS = [...PAGES.map(([path]) => path), `/incidents/${OPEN}`, '/?wall=1'];

describe.runIf(hasChromium())('the console in Chromium', () => {
  let browser: Browser;
  let server: Server;
  let folder: string;
  let shots: Shots;
  let desk: FakeDesk;

  beforeAll(async () => {
    shots = await shotsOf('console');
    folder = shots.folder;
    const hosts: string[] = [];
    const answer = (request: Request): Promise<Response> =>
      Promise.resolve(
        consoleApp({
          desk,
          hosts,
          who: () => 'jdoe',
          fault: (error) => {
            throw error;
          },
        }).fetch(request),
      );
    server = await serveApp(answer, '127.0.0.1', 0);
    hosts.push(`127.0.0.1:${server.port}`);
    browser = await launch();
  });
  beforeEach(() => {
    desk = fakeDesk(SAMPLE_REPORT, { history: moments('a person') });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await shots.done();
  });

  async function visit(
    path: string,
    options: BrowserContextOptions,
    use: (page: Page, noise: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const noise: string[] = [];
    page.on('console', (message) => noise.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (new URL(request.url()).host !== `127.0.0.1:${server.port}`) noise.push(`request: ${request.url()}`);
    });
    try {
      await page.goto(`http://127.0.0.1:${server.port}${path}`, { waitUntil: 'load' });
      await use(page, noise);
    } finally {
      await context.close();
    }
  }

  test.each(
    PATHS.flatMap((path) =>
      ([360, 1440] as const).flatMap((width) =>
        (['light', 'dark'] as const).map((scheme) => [path, width, scheme] as const),
      ),
    ),
  )('%s at %d px, %s: no serious finding of axe, no sideways scrolling, no noise', async (path, width, colorScheme) => {
    await visit(path, { viewport: { width, height: 900 }, colorScheme }, async (page, noise) => {
      expect(await seriousFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      const name = path.replaceAll(/[^a-z0-9]+/g, '-').slice(0, 20);
      const file = join(folder, `console${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
      expect((await stat(file)).size).toBeGreaterThan(5_000);
      expect(noise).toEqual([]);
    });
  });

  test('with script off, from the wall to a note', async () => {
    await visit('/', { javaScriptEnabled: false }, async (page, noise) => {
      await page.click(`a[href="/incidents/${OPEN}"]`);
      await page.fill('#text', 'rule removed');
      await page.click('text=Add the note');
      expect(await page.locator('[role=status]').innerText()).toContain('stands in the ledger');
      expect(desk.acts).toEqual([{ id: OPEN, said: { kind: 'note', text: 'rule removed' }, by: 'jdoe' }]);
      expect(noise).toEqual([]);
    });
  });

  test('by keyboard alone an incident is acknowledged', async () => {
    await visit(`/incidents/${OPEN}`, {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
      for (let at = 0; at < 20; at++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement.textContent')) === 'Acknowledge') break;
      }
      await page.keyboard.press('Enter');
      await page.waitForURL(/said=ack/);
      expect(desk.acts.map(({ said }) => said.kind)).toEqual(['ack']);
    });
  });

  test('a page of another site can neither act nor be shown it in a frame', async () => {
    await visit('/', {}, async (page) => {
      await page.setContent(
        `<iframe src="http://127.0.0.1:${server.port}/"></iframe><form action="http://127.0.0.1:${server.port}/incidents/${OPEN}/ack" method="post"><button>win</button></form>`,
      );
      await page.goto(
        `data:text/html,<form action="http://127.0.0.1:${server.port}/incidents/${OPEN}/ack" method="post"><button>win</button></form>`,
      );
      await page.click('button');
      await page.waitForLoadState();
      expect(await page.locator('h1').innerText()).toContain('Only a page of this console');
      expect(desk.acts).toEqual([]);
    });
  });

  test('a report is downloaded', async () => {
    await visit('/reports', { acceptDownloads: true }, async (page) => {
      await page.fill('#from', '2019-12-01');
      await page.fill('#to', '2019-12-09');
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Make the report')]);
      expect(download.suggestedFilename()).toBe('ajar-report.zip');
      expect(desk.asked[0]?.formats).toEqual(['csv', 'html']);
    });
  });
});
