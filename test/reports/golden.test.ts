/**
 * The sample report, byte for byte. After a change that is meant: `npx vitest run test/reports/golden.test.ts -u`,
 * then read the difference. report.json and endpoints.csv are read back whole by their own tests.
 */
import { expect, test } from 'vitest';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const NAMES = ['gaps.csv', 'incidents.csv', 'report.html', 'summary.csv', 'summary.json'];
const FILES = new Map(
  REPORTERS.flatMap((reporter) => reporter.render(SAMPLE_REPORT)).map(({ name, content }) => [name, content]),
);

test.each(NAMES)('%s is as it was', async (name) => {
  await expect(FILES.get(name)).toMatchFileSnapshot(`../golden/${name}`);
});
