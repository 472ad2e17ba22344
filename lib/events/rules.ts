/**
 * EventBridge patterns of the forwarding rules, made from the event table (aws-services.md section 5.4). `source` begins
 * with `aws.`, which nobody but AWS can send; errors are not filtered out, for a refused call on a guard rail counts.
 */
import { TABLE } from './table.ts';

/** EventBridge takes no longer pattern. */
export const MAX_PATTERN_CHARS = 2_048;
export const RULES = 6;

interface SourcePattern {
  readonly eventSource: readonly [string];
  readonly eventName: readonly string[];
}

export interface EventPattern {
  readonly source: readonly [{ readonly prefix: 'aws.' }];
  readonly detail: { readonly $or: readonly SourcePattern[] };
}

export interface EventRule {
  readonly name: string;
  readonly pattern: EventPattern;
}

/** Every source in one rule: the longest first, each into the rule that is shortest so far. */
export function rules(prefix = 'ajar-changes'): readonly EventRule[] {
  const bins: SourcePattern[][] = Array.from({ length: RULES }, () => []);
  for (const each of sourcePatterns().toSorted((a, b) => sizeOf([b]) - sizeOf([a]))) {
    const shortest = bins.reduce((least, bin) => (sizeOf(bin) < sizeOf(least) ? bin : least));
    shortest.push(each);
  }
  return bins.map((bin, i) => ({ name: `${prefix}-${i + 1}`, pattern: patternOf(bin) }));
}

function sourcePatterns(): readonly SourcePattern[] {
  const bySource = Map.groupBy(TABLE, ({ source }) => source);
  return [...bySource].map(([source, rows]) => ({
    eventSource: [source],
    eventName: [...new Set(rows.flatMap(({ names }) => names))].toSorted(),
  }));
}

function patternOf(bin: readonly SourcePattern[]): EventPattern {
  return { source: [{ prefix: 'aws.' }], detail: { $or: bin } };
}

function sizeOf(bin: readonly SourcePattern[]): number {
  return JSON.stringify(patternOf(bin)).length;
}
