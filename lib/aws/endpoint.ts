import { createHash } from 'node:crypto';
import {
  type Endpoint,
  type Engine,
  type Flow,
  type FoundBy,
  MAX_DEPENDENCIES,
  MAX_FLOWS,
  MAX_SOURCES,
} from '../model/endpoint.ts';
import { MAX_DEPENDENCY_KEY } from '../model/change.ts';
import type { Protections } from '../model/protection.ts';
import { printable } from '../model/text.ts';
import type { Cell } from './cell.ts';

/** Tags beyond these are dropped: AWS allows 50 of 128 and 256 characters. */
const MAX_TAGS = 50;
/** No AWS name is longer; those that are longer than what an id has room for are told apart by a digest. */
const MAX_NAME = 255;
const MAX_IN_ID = 140;

export interface AwsDoor {
  /** The resource's name: part of the id, so that what is created anew under it is compared with what was there. */
  readonly name: string;
  /** Which door of the resource, where it has several: `reader`, `http`, `9200`. */
  readonly door?: string;
  readonly host: string;
  readonly port: number;
  readonly engine: Engine;
  readonly arn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly declared: Protections;
  readonly incarnation?: string | undefined;
  readonly shared?: true;
  /** Keys as in model/change.ts of all that was read to judge it, the resource itself first: what comes late is dropped first. */
  readonly dependencies?: readonly (string | undefined)[];
  readonly foundBy?: readonly FoundBy[];
  /** Ids of what it was copied from. */
  readonly copyOf?: readonly string[];
  readonly flows?: readonly Flow[];
}

/** `account/region/service/name[/door]` is the id of an AWS endpoint for as long as that name is in use. */
export function awsEndpoint(cell: Pick<Cell, 'place' | 'service'>, door: AwsDoor): Endpoint {
  const { account, region } = cell.place;
  const name = printable(door.name, MAX_NAME);
  // Two long names must not become one id.
  const long = door.name.length > MAX_IN_ID ? `${printable(door.name, 100)}~${digestOf(door.name)}` : name;
  // The two characters that structure an id: a name that holds them must not pass for a door or a life.
  const own = long.replace(/[/@]/g, '~');
  const id = [account, region, cell.service, own, ...(door.door === undefined ? [] : [door.door])].join('/');
  return {
    id: printable(id, 256),
    host: printable(door.host.toLowerCase(), 253),
    port: door.port,
    engine: door.engine,
    source: 'aws',
    account,
    region,
    name,
    ...(door.arn === undefined ? {} : { arn: printable(door.arn, 2_048) }),
    tags: door.tags ?? {},
    declared: door.declared,
    service: cell.service,
    ...(door.incarnation === undefined ? {} : { incarnation: printable(door.incarnation) }),
    ...dependenciesOf(door),
    ...sourcesOf(door),
    ...flowsOf(door),
    ...(door.shared === undefined ? {} : { shared: door.shared }),
    foundBy: door.foundBy ?? ['service'],
  };
}

function sourcesOf({ copyOf = [] }: AwsDoor): Pick<Endpoint, 'copyOf'> {
  const ids = copyOf.map((id) => printable(id, 256));
  return ids.length === 0 ? {} : { copyOf: [...new Set(ids)].slice(0, MAX_SOURCES).toSorted() };
}

function flowsOf({ flows = [] }: AwsDoor): Pick<Endpoint, 'flows'> {
  const told = flows.map(({ from, to }) => ({ from: printable(from, 300), to: printable(to, 300) }));
  return told.length === 0 ? {} : { flows: told.slice(0, MAX_FLOWS) };
}

/** Bounded, what came first kept, and sorted. What is too long to be a key, or one too many, is left to the sweeps. */
function dependenciesOf({ dependencies = [] }: AwsDoor): Pick<Endpoint, 'dependencies'> {
  const keys = dependencies.flatMap((key) => (key === undefined || key.length > MAX_DEPENDENCY_KEY ? [] : [key]));
  return keys.length === 0 ? {} : { dependencies: [...new Set(keys)].slice(0, MAX_DEPENDENCIES).toSorted() };
}

function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12);
}

/** Tag lists in the two shapes AWS uses, bounded and printable. */
export function tagsOf(
  list:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | Readonly<Record<string, string>>
    | undefined,
): Readonly<Record<string, string>> {
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = isList(list)
    ? list.map(({ Key, Value }) => [Key, Value] as const)
    : Object.entries(list ?? {});
  return Object.fromEntries(
    pairs
      .slice(0, MAX_TAGS)
      .flatMap(([key, value]) => (key === undefined ? [] : [[printable(key, 128), printable(value ?? '', 256)]])),
  );
}

function isList<T>(list: readonly T[] | Readonly<Record<string, string>> | undefined): list is readonly T[] {
  return Array.isArray(list);
}
