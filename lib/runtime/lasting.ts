/** Lists that are asked for again only after a while: accounts, regions, names, organisations. */
import type { Listed } from '../model/inventory.ts';
import { ACCOUNTS_MS } from '../pipeline/plan.ts';

/** An account and its regions are asked for again after this: a new one is swept within 15 minutes. */
export function lasting<T>(
  now: () => Date,
  load: () => Promise<Listed<T>>,
  /** How long what is not whole is kept. */
  unansweredMs = 0,
): () => Promise<Listed<T>> {
  let kept: { readonly until: number; readonly listed: Listed<T> } | undefined;
  let asking: Promise<Listed<T>> | undefined;
  const ask = async (): Promise<Listed<T>> => {
    const listed = await load();
    kept = { until: now().getTime() + (listed.gaps.length > 0 ? unansweredMs : ACCOUNTS_MS), listed };
    return listed;
  };
  return async () => {
    if (kept !== undefined && kept.until > now().getTime()) return kept.listed;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

export function lastingEach<T>(
  now: () => Date,
  load: (account: string) => Promise<Listed<T>>,
  unansweredMs = 0,
): (account: string) => Promise<Listed<T>> {
  const kept = new Map<string, () => Promise<Listed<T>>>();
  return (account) => {
    const one = kept.get(account) ?? lasting(now, () => load(account), unansweredMs);
    kept.set(account, one);
    return one();
  };
}
