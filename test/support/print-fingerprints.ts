/** Run by itself, under another time zone and locale: what every file of the sample report is there. */
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { manifestOf } from '../../lib/reports/manifest.ts';
import { zipOf } from '../../lib/reports/zip.ts';
import { fingerprints } from './report-files.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

const files = REPORTERS.flatMap((reporter) => reporter.render(SAMPLE_REPORT));
const all = [...files, manifestOf(SAMPLE_REPORT, files)];
console.log(fingerprints([...all, zipOf('report.zip', all)]).join('\n'));
