/** What a run of probes rests on: where it looks from, how far it may go, and what it shares with other runs. */
import type { MetadataLevel, Probe } from '../model/probe.ts';
import type { ConnectionBudgets } from '../model/store.ts';
import type { AddressPolicy } from '../net/guard.ts';
import type { Limits } from '../net/limits.ts';
import type { NameResolver } from '../net/resolve.ts';
import type { Pacer } from '../net/visit.ts';
import type { Hearing } from './hearing.ts';
import type { AnyPort } from './any-port.ts';
import type { Asked } from './asked.ts';
import type { OldTlsWord } from './old-tls.ts';
import type { SelfTest } from './self-test.ts';
import type { StopSwitch } from './stop.ts';

export interface ProbeRun {
  readonly runId: string;
  /** Of the readings, and where we look from unless `from` says more. */
  readonly vantage: string;
  /** Places on this machine to look from, each of them at every visit: their sights are one reading (judge.ts). */
  readonly from?: readonly Vantage[];
  readonly probes: readonly Probe[];
  readonly policy: AddressPolicy;
  readonly metadata: MetadataLevel;
  /** The operator's reference for AWS's leave to assess what is not on its list. Without it `banner` is as far as it goes. */
  readonly permission?: string;
  /** Keep names as they are instead of redacted samples. */
  readonly rawNames: boolean;
  /** Endpoints in flight. */
  readonly concurrency: number;
  readonly pacer: Pacer;
  readonly budgets: ConnectionBudgets;
  readonly hearing: Hearing;
  readonly userAgent: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly resolver?: NameResolver;
  /** Other budgets than those of probes.md section 1: the hostile lab has less time than a stranger has patience. */
  readonly limits?: Limits;
  /** How often whoever runs it comes by; absent where it is run once. A probe with a budget of its own comes less often. */
  readonly everyMs?: number;
  /** A person's word that nothing is to be probed. */
  readonly stop?: StopSwitch;
  readonly selfTest?: SelfTest;
  /** Absent where nothing is remembered from run to run. */
  readonly oldTls?: Asked<OldTlsWord>;
  readonly anyPort?: Asked<AnyPort>;
  /** Addresses that the inventory lists (egress.ts). */
  readonly workloads?: ReadonlySet<string>;
}

export interface Vantage {
  readonly name: string;
  /** Source address to connect from. */
  readonly localAddress?: string;
  readonly hearing: Hearing;
}
