/** The console over any store: what its pages read, and what people say on them. */
import { randomUUID } from 'node:crypto';
import type { Desk, Download } from '../console/desk.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Report, ReportFile } from '../model/report.ts';
import type { StateStore } from '../model/store.ts';
import { historyOf } from '../pipeline/chain.ts';
import { act } from '../pipeline/handle.ts';
import type { SealedSource } from '../pipeline/read-sealed.ts';
import { buildReport } from '../pipeline/report.ts';
import { chunksOf } from '../reports/bytes.ts';
import { REPORTERS } from '../reports/catalogue.ts';
import { MANIFEST } from '../reports/manifest.ts';
import { zipOf } from '../reports/zip.ts';
import { reportFiles } from './report-files.ts';
import { VERSION } from './version.ts';

/** The last days that the pages show. */
const SHOWN_MS = 30 * 86_400_000;
/** However often pages are asked for, the record is not read more often than this, but after what was said here. */
const LEAST_MS = 5_000;

interface Standing {
  readonly head: string;
  readonly at: number;
  readonly report: Report | undefined;
}

export interface DeskOptions {
  /** Opens the record for as long as `use` takes. */
  readonly record: <T>(use: (store: StateStore) => Promise<T>, readOnly: boolean) => Promise<T>;
  readonly allowlist: () => Promise<Allowlist>;
  readonly mayAct: boolean;
  /** For reports that are taken along; pages are made too often to read them. */
  readonly sealed?: SealedSource | undefined;
  readonly now?: () => Date;
}

export function deskOf({ record, allowlist, mayAct, sealed, now = () => new Date() }: DeskOptions): Desk {
  let known: Standing | undefined;
  let first: string | undefined;

  async function standing(): Promise<Report | undefined> {
    if (known !== undefined && now().getTime() - known.at < LEAST_MS) return known.report;
    return record(async (store) => {
      const { hash } = await store.ledgerHead();
      const at = now().getTime();
      if (known?.head === hash) known = { ...known, at };
      else known = { head: hash, at, report: await build(store) };
      return known.report;
    }, true);
  }

  /** Of the last days, or since the first reading where that is later: before it nobody missed anything. */
  async function build(store: StateStore): Promise<Report | undefined> {
    if (!(await hasReading(store))) return undefined;
    const query = { toolVersion: VERSION, allowlist: await allowlist() };
    const earliest = new Date(now().getTime() - SHOWN_MS).toISOString();
    if (first === undefined || first >= earliest) {
      const whole = await buildReport(store, query);
      first = whole.period.from;
      if (first >= earliest || whole.period.to <= earliest) return whole;
    }
    return buildReport(store, { ...query, from: earliest });
  }

  return {
    standing,
    history: ({ id, endpointId }) => record((store) => historyOf(store, endpointId, [id]), true),
    ...(mayAct
      ? {
          act: async (id, said, by) => {
            const actor = { by, runId: randomUUID() };
            const { changed } = await record((store) => act(store, id, said, actor, now), false);
            known = undefined;
            return changed;
          },
        }
      : {}),
    make: ({ formats, ...period }) =>
      record(
        async (store) => packed(await reportFiles(store, formats, { ...period, sealed }, await allowlist(), now())),
        true,
      ),
    formats: REPORTERS.map(({ format }) => format),
    now,
  };
}

async function hasReading(store: StateStore): Promise<boolean> {
  for await (const { endpoint } of store.states()) if (endpoint.drill !== true) return true;
  return false;
}

/** One file as it is; several in one zip, their manifest with them. */
function packed(files: readonly ReportFile[]): Download {
  const [only, ...others] = files.filter(({ name }) => name !== MANIFEST);
  if (only !== undefined && others.length === 0)
    return { name: only.name, mediaType: 'application/octet-stream', body: bytesOf(only) };
  const zip = zipOf('ajar-report.zip', files);
  return { name: zip.name, mediaType: 'application/zip', body: bytesOf(zip) };
}

function bytesOf({ content }: ReportFile): Uint8Array {
  return Buffer.concat([...chunksOf(content)]);
}
