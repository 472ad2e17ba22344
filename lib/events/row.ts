/** One row of the event table: some calls of one API that can take a protection away, or make that effective. */
import type { ChangeKind } from '../model/change.ts';
import type { KeyType } from './keys.ts';
import type { Service } from './services.ts';

/** Where a name stands, and of what. Dotted, case-insensitive; lists on the way are walked through. */
export type NamePath = readonly [path: string, type: KeyType | 'arn'];

export interface Row {
  /** `es.amazonaws.com` */
  readonly source: string;
  readonly names: readonly string[];
  readonly kind: ChangeKind;
  /** Where the request names what it touches. `W.`: it was seen wrapped in `<eventName>Request`; any request may be. */
  readonly paths: readonly string[];
  /** How far it goes, in the words of aws-services.md section 5.6. */
  readonly expand: string;
  /** Collectors that read what it touches. */
  readonly services: readonly Service[];
  /** A call on what ajar rests on, or on what keeps an exposure away: refused ones are kept too. */
  readonly guardrail?: true;
  /** What `paths` name. Without it, and without `named` and `response`, the whole cell is touched. */
  readonly type?: KeyType | 'arn';
  /** Names in the request, where they are not those of `paths`. */
  readonly named?: readonly NamePath[];
  /** Names in the answer, where the request has none or another. */
  readonly response?: readonly NamePath[];
  /** Further names in the request: the new one of a rename, the parent. They do not stand for those above. */
  readonly also?: readonly NamePath[];
  /** Of `names`, those that name what they put in place and not what they replace: the whole cell is touched. */
  readonly unnamed?: readonly string[];
}

export function rowsOf(
  source: string,
  services: readonly Service[],
  rows: readonly (Omit<Row, 'source' | 'services'> & Partial<Pick<Row, 'services'>>)[],
): readonly Row[] {
  return rows.map((row) => ({ source, services, ...row }));
}
