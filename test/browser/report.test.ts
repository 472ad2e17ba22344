/**
 * The report in a real browser, with hostile names in it: nothing runs, nothing is fetched, nothing is blocked,
 * and a person can read it on a phone, on a wall, in the dark and with a screen reader.
 */
import { readFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { html } from '../../lib/reports/html.ts';
import { hasChromium, launch, overflow, seriousFindings, type Shots, shotsOf } from '../support/browser.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { totalsOf } from '../support/report-parts.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';
import { textFiles } from '../support/report-files.ts';
import { yearEndReport } from '../support/year-end.ts';

const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as string[];

/** Every hostile string at once, each with its own endpoint, incident and gap. */
function hostilePage(): Report {
  const each = HOSTILE.map(hostileReport);
  const [endpoints, incidents] = [
    each.flatMap((report) => report.endpoints),
    each.flatMap((report) => report.incidents),
  ];
  const gaps = each.flatMap((report) => report.gaps);
  return { ...SAMPLE_REPORT, endpoints, incidents, gaps, totals: totalsOf(endpoints, incidents, gaps.length) };
}

const REPORTS: Readonly<Record<string, Report>> = {
  sample: SAMPLE_REPORT,
  empty: EMPTY_REPORT,
  hostile: hostilePage(),
  'year-end': await yearEndReport(),
};

interface Visit {
  readonly page: Page;
  /** What the page said or asked for, beyond its own file. */
  readonly noise: readonly string[];
}

describe.runIf(hasChromium())('the report in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let shots: Shots;

  beforeAll(async () => {
    shots = await shotsOf('report');
    folder = shots.folder;
    for (const [name, report] of Object.entries(REPORTS)) {
      await writeFile(join(folder, `${name}.html`), textFiles(html, report)[0]?.content ?? '');
    }
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    await shots.done();
  });

  async function visit(
    name: string,
    options: BrowserContextOptions,
    use: (visit: Visit) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const noise: string[] = [];
    const own = pathToFileURL(join(folder, `${name}.html`)).href;
    page.on('console', (message) => noise.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
    page.on('request', (request) => request.url() !== own && noise.push(`request: ${request.url().slice(0, 120)}`));
    page.on('dialog', (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('popup', (popup) => noise.push(`popup: ${popup.url()}`));
    try {
      await page.goto(own, { waitUntil: 'load' });
      await use({ page, noise });
    } finally {
      await context.close();
    }
  }

  test.each([
    ['sample', true],
    ['sample', false],
    ['hostile', true],
    ['hostile', false],
    ['empty', true],
  ])('%s, scripts allowed %s: runs, fetches and breaks nothing', async (name, javaScriptEnabled) => {
    await visit(name, { javaScriptEnabled }, async ({ page, noise }) => {
      for (const section of ['objectives', 'incidents', 'endpoints', 'coverage', 'gaps', 'exceptions', 'integrity']) {
        await page.click(`nav a[href="#${section}"]`);
        expect(new URL(page.url()).hash).toBe(`#${section}`);
      }
      await page.waitForTimeout(200);
      expect(noise).toEqual([]);
      expect(await page.locator('h1').innerText()).not.toBe('');
    });
  });

  test('with scripts a table is filtered and sorted; without, the same rows are there and no field that does nothing', async () => {
    const shown = '.changes tbody:not([hidden])';
    await visit('sample', {}, async ({ page, noise }) => {
      expect(await page.locator(shown).count()).toBe(6);
      await page.getByLabel('Filter: Changes of the watch itself').fill('BI-NIGHT allowlist');
      expect(await page.locator(shown).count()).toBe(1);
      expect(await page.locator('.tally').last().innerText()).toBe('');
      await page.getByLabel('Filter: Changes of the watch itself').fill('');
      const heads = page.locator('.changes thead');
      await heads.getByRole('button', { name: 'What' }).click();
      expect(await page.locator('.changes th[aria-sort=ascending]').count()).toBe(1);
      const first = await page.locator('.changes tbody td').first().innerText();
      await heads.getByRole('button', { name: 'What' }).click();
      expect([
        first.split(' ')[0],
        (await page.locator('.changes tbody td').first().innerText()).split(' ')[0],
      ]).toEqual(['act', 'silence']);
      expect(noise).toEqual([]);
    });
    await visit('sample', { javaScriptEnabled: false }, async ({ page }) => {
      expect(await page.locator(shown).count()).toBe(6);
      expect(await page.locator('input, button').count()).toBe(0);
    });
  });

  test('the stylesheet applies: its hash is the one in the policy', async () => {
    await visit('sample', {}, async ({ page }) => {
      const weight = await page.evaluate<string>(
        'getComputedStyle(document.querySelector(".badge.critical")).borderTopWidth',
      );
      expect(weight).not.toBe('0px');
    });
  });

  test.each(
    ['sample', 'empty'].flatMap((name) =>
      ([360, 1440] as const).flatMap((width) =>
        (['light', 'dark'] as const).map((scheme) => [name, width, scheme] as const),
      ),
    ),
  )('%s at %d px, %s: no serious finding of axe, no sideways scrolling', async (name, width, colorScheme) => {
    await visit(name, { viewport: { width, height: 900 }, colorScheme }, async ({ page, noise }) => {
      expect(await seriousFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      const file = join(folder, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
      expect((await stat(file)).size).toBeGreaterThan(5_000);
      expect(noise).toEqual([]);
    });
  });

  test.each(
    ([360, 1440] as const).flatMap((width) => (['light', 'dark'] as const).map((scheme) => [width, scheme] as const)),
  )('five hundred endpoints and seventy windows fit %d px, %s', async (width, colorScheme) => {
    await visit('year-end', { viewport: { width, height: 900 }, colorScheme }, async ({ page, noise }) => {
      expect(await overflow(page)).toBe(0);
      await page.screenshot({ path: join(folder, `year-end-${width}-${colorScheme}.png`) });
      for (const section of await page.locator('main section[id]').all()) {
        await section.evaluate((element: { scrollIntoView(): void }) => element.scrollIntoView());
        const id = await section.getAttribute('id');
        await page.screenshot({ path: join(folder, `year-end-${width}-${colorScheme}-${id}.png`) });
      }
      expect(noise).toEqual([]);
    });
  });

  test.each([360, 1440])('ten thousand characters and every hostile name fit %d px', async (width) => {
    await visit('hostile', { viewport: { width, height: 900 } }, async ({ page }) => {
      expect(await overflow(page)).toBe(0);
    });
  });

  test('hostile names cause no finding of axe', async () => {
    await visit('hostile', {}, async ({ page }) => {
      expect(await seriousFindings(page)).toEqual([]);
    });
  }, 120_000);
});
