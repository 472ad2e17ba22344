/** Writes the JSON Schemas of every document that crosses a boundary to docs/schemas (`--check` compares instead). */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { DOCUMENTS } from '../lib/model/documents.ts';
import { allowlistFile, configFile, inventoryFile } from '../lib/model/files.ts';
import { replayFile } from '../lib/model/replay.ts';
import { reportDocument, summaryDocument } from '../lib/model/report-document.ts';
import { sinksFile } from '../lib/model/sink-file.ts';

const schemas = {
  ...DOCUMENTS,
  report: reportDocument,
  summary: summaryDocument,
  'inventory-file': inventoryFile,
  'allowlist-file': allowlistFile,
  'config-file': configFile,
  'sinks-file': sinksFile,
  'replay-file': replayFile,
};
const folder = new URL('../docs/schemas/', import.meta.url);
const isCheck = process.argv.includes('--check');
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  const json = `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`;
  const file = new URL(`${name}.schema.json`, folder);
  if (!isCheck) writeFileSync(file, json);
  else if (readFileSync(file, 'utf8') !== json) {
    console.error(`docs/schemas/${name}.schema.json is not what the code says: run npm run schemas`);
    process.exitCode = 1;
  }
}
