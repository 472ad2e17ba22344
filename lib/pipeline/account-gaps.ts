/**
 * Lines of the ledger for accounts and organisations that could not be listed: a role that refuses, an account that is
 * suspended, an organisation that does not answer. One when it began and one when it ended; said again only where a run
 * died between the line and the note of it. An account that nobody asked this time is neither read again nor gone.
 */
import type { CoverageGap } from '../model/endpoint.ts';
import type { Listing } from '../model/inventory.ts';
import type { LedgerEntry, LedgerLine } from '../model/ledger.ts';
import type { StateStore, ToldGap } from '../model/store.ts';
import { GAP_CODES } from '../model/endpoint.ts';

/** More accounts than an organisation may have; beyond these nothing is told singly. */
const MAX_TOLD = 20_000;
/** Of the bodies of these lines: lines of cells have none. */
const OF = 'account';

export async function tellAccountGaps(
  { gaps, accounts, isWhole }: Listing,
  store: Pick<StateStore, 'append' | 'accountGaps'>,
  { runId, now }: { readonly runId: string; readonly now: () => Date },
): Promise<void> {
  const told = new Map((await store.accountGaps.read()).map((gap) => [keyOf(gap), gap]));
  const found = new Map(gaps.slice(0, MAX_TOLD).map((gap) => [keyOf(gap), gap]));
  const asked = new Set(accounts);
  const began = [...found].filter(([key]) => !told.has(key)).map(([, gap]) => gap);
  const ended = [...told]
    .filter(([key, { subject }]) => !found.has(key) && (isWhole || asked.has(accountOf(subject))))
    .map(([, gap]) => gap);
  if (began.length === 0 && ended.length === 0) return;
  const at = now().toISOString();
  const line = (event: 'began' | 'ended', { subject, code, detail }: ToldGap & { detail?: string }): LedgerLine => ({
    kind: 'gap',
    ...{ runId, subject, observedAt: at, recordedAt: at },
    body: {
      ...{ stage: 'inventory', event, of: OF, account: accountOf(subject), code },
      ...(detail === undefined ? {} : { detail }),
    },
  });
  await store.append([...began.map((gap) => line('began', gap)), ...ended.map((gap) => line('ended', gap))]);
  const over = new Set(ended.map(keyOf));
  const lasting = [...told.values(), ...began].filter((gap) => !over.has(keyOf(gap)));
  await store.accountGaps.save(lasting.map(({ subject, code }) => ({ subject, code })));
}

/** Those that had begun and not ended, as the ledger tells; a line that was said twice counts once. */
export class AccountGaps {
  readonly #open = new Map<string, CoverageGap & { readonly since: string }>();

  add({ kind, subject, observedAt, body }: LedgerEntry): void {
    if (kind !== 'gap' || body['of'] !== OF) return;
    const code = GAP_CODES.find((each) => each === body['code']);
    if (code === undefined) return;
    const key = keyOf({ subject, code });
    if (body['event'] === 'ended') this.#open.delete(key);
    else if (!this.#open.has(key)) {
      const { detail: said } = body;
      const detail = typeof said === 'string' ? said : code;
      this.#open.set(key, { stage: 'inventory', subject, code, detail, since: observedAt });
    }
  }

  found(): readonly (CoverageGap & { readonly since: string })[] {
    return [...this.#open.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }
}

function keyOf({ code, subject }: ToldGap): string {
  return `${subject} ${code}`;
}

/** `account`, or `account/region/what`. */
function accountOf(subject: string): string {
  return subject.split('/', 1)[0] ?? subject;
}
