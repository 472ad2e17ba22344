import type { Reporter } from '../model/report.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';

/** Sorted by format. A new format is one file and one line here. */
export const REPORTERS: readonly Reporter[] = [csv, html, json];
