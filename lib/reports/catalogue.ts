import type { Reporter } from '../model/report.ts';
import { asff } from './asff.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { ocsf } from './ocsf.ts';
import { oscal12 } from './oscal-1.2.ts';
import { oscal } from './oscal.ts';
import { pdf } from './pdf.ts';

/** Sorted by format. A new format is one file and one line here. */
export const REPORTERS: readonly Reporter[] = [asff, csv, html, json, junit, ocsf, oscal, oscal12, pdf];
