/** Debian's Chromium for tests, and what a person with a small screen or a screen reader would trip over. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env['AJAR_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  ...['--disable-sync', '--no-first-run'],
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Says so where there is none: these tests then skip in the open. */
export function hasChromium(): boolean {
  const present = existsSync(CHROMIUM);
  if (!present) console.log(`browser tests skipped: no Chromium at ${CHROMIUM} (set AJAR_CHROMIUM)`);
  return present;
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

export interface Shots {
  readonly folder: string;
  /** Keeps them where AJAR_ARTIFACTS names a place, and says where. */
  done(): Promise<void>;
}

/** Where a suite puts its pictures. */
export async function shotsOf(suite: string): Promise<Shots> {
  const kept = process.env['AJAR_ARTIFACTS'];
  const folder = kept === undefined ? await mkdtemp(join(tmpdir(), `ajar-${suite}-`)) : resolve(kept, suite);
  await mkdir(folder, { recursive: true });
  const done = async (): Promise<void> => {
    if (kept === undefined) await rm(folder, { recursive: true });
    else console.log(`screenshots of the ${suite}: ${folder}`);
  };
  return { folder, done };
}

/** Through the debugger, so that the page's policy stays as it is. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

/** Pixels by which it is wider than the screen. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
