/**
 * The allowlist in its versioned place. One that does not load never widens and never blocks: the last version that
 * does is in force, its digest stands with every decision, and the metric `AllowlistInvalid` tells.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../model/allowlist.ts';
import { formatProblem, type Problem } from '../../model/yaml.ts';
import { lastGoodObjects, placeOf } from '../allowlist-objects.ts';
import { optionalSetting } from './environment.ts';
import { once } from './once.ts';
import { logger, metrics } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';

const FRESH_MS = 60_000;

export interface InForce {
  readonly allowlist: Allowlist;
  /** Why the newest does not load. */
  readonly problems: readonly Problem[];
  /** Why it cannot be read. */
  readonly unreadable?: string;
}

const s3 = once(() => new S3Client({ requestHandler: CALL_TIMES }));
let kept: ({ readonly at: number } & InForce) | undefined;

export async function allowlist(now: number = Date.now()): Promise<Allowlist> {
  return (await allowlistInForce(now)).allowlist;
}

export async function allowlistInForce(now: number = Date.now()): Promise<InForce> {
  if (kept !== undefined && now - kept.at < FRESH_MS) return kept;
  const place = optionalSetting('AJAR_ALLOWLIST');
  const loaded = place === undefined ? { allowlist: EMPTY_ALLOWLIST, problems: [] } : await readable(place);
  kept = { at: now, ...loaded };
  return loaded;
}

/** Where it cannot be read ajar goes on judging, by the last that it knows: nothing allowed alerts more, never less. */
async function readable(place: string): Promise<InForce> {
  try {
    const found = await lastGoodObjects(s3(), placeOf(place));
    if (found.problems.length > 0) {
      metrics.addMetric('AllowlistInvalid', 'Count', 1);
      const problem = found.problems.map(formatProblem).join('\n');
      logger.error('the allowlist does not load: the last version that does is in force', { problem });
    }
    return found;
  } catch (error) {
    metrics.addMetric('AllowlistUnreadable', 'Count', 1);
    logger.error('the allowlist cannot be read: the last that is known is in force', { error: error as Error });
    const unreadable = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { allowlist: kept?.allowlist ?? EMPTY_ALLOWLIST, problems: [], unreadable };
  }
}
