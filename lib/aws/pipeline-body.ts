/** What the Data Prepper configuration of an OpenSearch Ingestion pipeline says (aws-services.md section 2.3). */
import * as z from 'zod/mini';
import { parseYaml } from '../model/yaml.ts';

/** AWS takes 24 KB. */
const MAX_BODY_BYTES = 65_536;
const MAX_VALUES = 10_000;
/** Sources that fetch: nobody can send anything to a pipeline that has no other. */
const PULLED: ReadonlySet<string> = new Set([
  'aurora',
  'confluence',
  'documentdb',
  'dynamodb',
  'jira',
  'kafka',
  'kinesis',
  'mongodb',
  'opensearch',
  'rds',
  's3',
]);
/** The output of another part of the same configuration. */
const INTERNAL = 'pipeline';

export interface PipelineBody {
  /** `pushed` where a source takes requests, or may; undefined where the configuration was not understood. */
  readonly intake: 'pushed' | 'pulled' | undefined;
  readonly sources: readonly string[];
  /** A source or sink is used without checking its certificate. */
  readonly insecure: boolean | undefined;
}

const body = z.record(z.string(), z.unknown());
const part = z.object({ source: z.record(z.string(), z.unknown()) });

export function readPipelineBody(text: string | undefined): PipelineBody {
  const parsed = text === undefined ? undefined : parseYaml(text, 'pipeline', body, MAX_BODY_BYTES);
  if (parsed?.ok !== true) return { intake: undefined, sources: [], insecure: undefined };
  const sources = Object.values(parsed.value).flatMap((value) => {
    const found = part.safeParse(value);
    return found.success ? Object.keys(found.data.source).filter((name) => name !== INTERNAL) : [];
  });
  const pulled = sources.length > 0 && sources.every((name) => PULLED.has(name));
  return {
    intake: sources.length === 0 ? undefined : pulled ? 'pulled' : 'pushed',
    sources,
    insecure: holdsTrue(parsed.value, 'insecure'),
  };
}

/** Walks without recursion. Undefined where there is too much to look at. */
function holdsTrue(value: unknown, key: string): boolean | undefined {
  const open: unknown[] = [value];
  for (let count = 0; open.length > 0; count++) {
    if (count > MAX_VALUES) return undefined;
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && Reflect.get(next, key) === true) return true;
    open.push(...Object.values(next));
  }
  return false;
}
