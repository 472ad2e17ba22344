/**
 * The embedded default: one SQLite file in the state directory, through node:sqlite. WAL, and synchronous FULL,
 * because a commit that a power cut undoes would be a transition lost. What it cannot read it never overwrites.
 */
import type { StatementSync } from 'node:sqlite';
import type { Incident, Notice, OutboxEntry } from '../model/incident.ts';
import type { LedgerEntry, LedgerLine } from '../model/ledger.ts';
import { sinksFor } from '../model/sink.ts';
import type { EndpointState } from '../model/state.ts';
import type { Commit, StateStore } from '../model/store.ts';
import { chainLines, GENESIS } from './chain.ts';
import { checkedState, EXHAUSTED, noticeLine, nextState, spendOne, touches } from './rows.ts';
import { indexDependencies, sqliteChanges, sqliteDependents } from './sqlite-changes.ts';
import { corrupt, parseRow, storeError } from './sqlite-error.ts';
import { hasIndex, openDatabase, transaction } from './sqlite-file.ts';
import { sqliteAccountGaps, sqliteInventory } from './sqlite-inventory.ts';
import { sqliteRecords } from './sqlite-records.ts';

const PAGE = 500;

export interface SqliteOptions {
  /** State directory; made when it is not there, with mode 0700. */
  readonly dir: string;
  /** Every notice is owed to each of these. */
  readonly sinks: readonly string[];
  readonly now: () => Date;
  readonly readOnly?: boolean;
  /** For tests of a full disk. */
  readonly maxPages?: number;
}

export async function openSqliteStore(options: SqliteOptions): Promise<StateStore> {
  const db = openDatabase(options);
  const prepared = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, known);
    return known;
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, options.dir);
    }
  };
  return {
    read: async (id) => guarded(() => stateOf(sql('SELECT body FROM state WHERE id = ?').get(id))),
    commit: async (commit) => guarded(() => transaction(db, () => commitRows(sql, commit, options.sinks))),
    append: async (lines) => guarded(() => transaction(db, () => appendLines(sql, lines))),
    async *states(prefix = '') {
      let after = '';
      for (;;) {
        const rows: readonly Row[] = guarded(() =>
          sql('SELECT id, body FROM state WHERE id > ? AND id >= ? ORDER BY id LIMIT ?').all(after, prefix, PAGE),
        );
        for (const row of rows) {
          // In this order all that start with the prefix stand together. LIKE would give % and _ a meaning.
          if (!String(row['id']).startsWith(prefix)) return;
          const state = stateOf(row);
          if (state !== undefined) yield state;
        }
        if (rows.length < PAGE) return;
        after = String(rows.at(-1)?.['id']);
      }
    },
    async *incidents(filter = {}) {
      // Ids at once: a late reading moves a start, and in pages by start that incident could fall between two.
      const ids = guarded(() => {
        const { status } = filter;
        if (status === undefined || !hasIndex(db, 'incident_status'))
          return sql('SELECT id FROM incident ORDER BY start, id').all();
        return sql('SELECT id FROM incident WHERE status = ? ORDER BY start, id').all(status);
      });
      for (const { id } of ids) {
        const row = guarded(() => sql('SELECT body FROM incident WHERE id = ?').get(String(id)));
        const incident = parseRow<Incident>(row?.['body'], 'incident');
        if (touches(incident, filter)) yield incident;
      }
    },
    async *ledger({ from = 1, to = Number.MAX_SAFE_INTEGER } = {}) {
      let next = from;
      for (;;) {
        // By count and not by number: lines that somebody deleted must not look like the end.
        const rows = guarded(() =>
          sql('SELECT seq, body FROM ledger WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?').all(next, to, PAGE),
        );
        for (const row of rows) yield parseRow<LedgerEntry>(row['body'], 'ledger line');
        if (rows.length < PAGE) return;
        next = Number(rows.at(-1)?.['seq']) + 1;
      }
    },
    ledgerHead: async () => guarded(() => headOf(sql)),
    outbox: {
      due: async (now, limit) =>
        guarded(() =>
          sql('SELECT * FROM outbox WHERE settled IS NULL AND due <= ? ORDER BY due, key, sink LIMIT ?')
            .all(now, limit)
            .map(outboxEntry),
        ),
      settle: async (entry, receipt) =>
        guarded(() =>
          transaction(db, () => {
            const done = sql('UPDATE outbox SET settled = ? WHERE key = ? AND sink = ? AND settled IS NULL').run(
              receipt.at,
              entry.notice.key,
              entry.sink,
            );
            if (done.changes === 1) appendLines(sql, [noticeLine(entry, receipt)]);
          }),
        ),
      defer: async (entry, dueAt, error) =>
        guarded(() => {
          sql(
            'UPDATE outbox SET due = ?, attempts = attempts + 1, error = ? WHERE key = ? AND sink = ? AND settled IS NULL',
          ).run(dueAt, error, entry.notice.key, entry.sink);
        }),
      postpone: async (entry, dueAt) =>
        guarded(() => {
          sql('UPDATE outbox SET due = ? WHERE key = ? AND sink = ? AND due = ? AND settled IS NULL').run(
            dueAt,
            entry.notice.key,
            entry.sink,
            entry.dueAt,
          );
        }),
      owed: async (keys, sink) =>
        guarded(() =>
          keys.flatMap((key) => {
            const query = 'SELECT attempts FROM outbox WHERE key = ? AND sink = ? AND settled IS NULL';
            const row = sql(query).get(key, sink);
            return row === undefined ? [] : [{ key, attempts: Number(row['attempts']) }];
          }),
        ),
      pending: async () =>
        guarded(() => Number(sql('SELECT count(*) AS n FROM outbox WHERE settled IS NULL').get()?.['n'])),
    },
    budgets: {
      spend: async (key, now, budget) =>
        guarded(() =>
          transaction(db, () => {
            const row = sql('SELECT used, last FROM budget WHERE key = ?').get(key);
            const spent = row === undefined ? undefined : { used: Number(row['used']), last: String(row['last']) };
            const next = spendOne(spent, now, budget);
            if (next === undefined) return { allowed: false, ...(spent ?? { used: 0 }) };
            sql('INSERT OR REPLACE INTO budget (key, used, last) VALUES (?, ?, ?)').run(key, next.used, next.last);
            return { allowed: true, ...next };
          }),
        ),
      exhaust: async (key, now) =>
        guarded(() => {
          sql('INSERT OR REPLACE INTO budget (key, used, last) VALUES (?, ?, ?)').run(key, EXHAUSTED, now);
        }),
      reset: async (key) =>
        guarded(() => {
          sql('DELETE FROM budget WHERE key = ?').run(key);
        }),
      remember: async (key, word) =>
        guarded(() => {
          sql('INSERT OR REPLACE INTO note (key, body) VALUES (?, ?)').run(`budget|${key}`, word);
        }),
      recall: async (key) =>
        guarded(() => {
          const row = sql('SELECT body FROM note WHERE key = ?').get(`budget|${key}`);
          return row === undefined ? undefined : String(row['body']);
        }),
    },
    inventory: sqliteInventory(db, guarded),
    accountGaps: sqliteAccountGaps(db, guarded),
    records: sqliteRecords(db, guarded, (lines) => appendLines(sql, lines)),
    changes: sqliteChanges({ db, sql, guarded }, options.now),
    dependents: sqliteDependents({ db, sql, guarded }),
    async close() {
      if (db.isOpen) db.close();
    },
  };
}

type Sql = (text: string) => StatementSync;
type Row = Readonly<Record<string, unknown>>;

function commitRows(sql: Sql, { state, expected, lines, notices, incidents }: Commit, sinks: readonly string[]) {
  const { id } = state.endpoint;
  const body = JSON.stringify(nextState(state, expected));
  const written =
    expected === 0
      ? sql('INSERT INTO state (id, version, body) VALUES (?, 1, ?) ON CONFLICT (id) DO NOTHING').run(id, body)
      : sql('UPDATE state SET version = version + 1, body = ? WHERE id = ? AND version = ?').run(body, id, expected);
  if (written.changes !== 1) return 'conflict';
  indexDependencies(sql, state.endpoint);
  appendLines(sql, lines);
  for (const incident of incidents) upsertIncident(sql, incident);
  for (const notice of notices) for (const sink of sinksFor(notice, sinks)) owe(sql, notice, sink);
  return 'committed';
}

function upsertIncident(sql: Sql, incident: Incident): void {
  sql(
    'INSERT INTO incident (id, start, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET start = excluded.start, body = excluded.body',
  ).run(incident.id, incident.start.upper, JSON.stringify(incident));
}

function owe(sql: Sql, notice: Notice, sink: string): void {
  sql(
    'INSERT INTO outbox (key, sink, due, attempts, body) VALUES (?, ?, ?, 0, ?) ON CONFLICT (key, sink) DO NOTHING',
  ).run(notice.key, sink, notice.createdAt, JSON.stringify(notice));
}

function appendLines(sql: Sql, lines: readonly LedgerLine[]): void {
  for (const entry of chainLines(headOf(sql), lines)) {
    sql('INSERT INTO ledger (seq, hash, body) VALUES (?, ?, ?)').run(entry.seq, entry.hash, JSON.stringify(entry));
  }
}

function headOf(sql: Sql): { seq: number; hash: string } {
  const row = sql('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1').get();
  return row === undefined ? GENESIS : { seq: Number(row['seq']), hash: String(row['hash']) };
}

function stateOf(row: Row | undefined): EndpointState | undefined {
  return row === undefined ? undefined : checkedState(parseRow<EndpointState>(row['body'], 'state'), corrupt);
}

function outboxEntry(row: Row): OutboxEntry {
  const error = row['error'];
  return {
    notice: parseRow<Notice>(row['body'], 'notice'),
    sink: String(row['sink']),
    attempts: Number(row['attempts']),
    dueAt: String(row['due']),
    ...(typeof error === 'string' ? { lastError: error } : {}),
  };
}
