/**
 * What the JSON schemas of OSCAL do not check: that no uuid is given twice in a document, and that everything a document refers
 * to is in it, or in the assessment plan that it imports. Written from the OSCAL reference, apart from the code that writes OSCAL.
 */
type Node = Readonly<Record<string, unknown>>;

/** Field of a reference, and the arrays in which what it refers to has to be. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  'observation-uuid': ['observations'],
  'risk-uuid': ['risks'],
  'finding-uuid': ['findings'],
  'component-uuid': ['components'],
  'activity-uuid': ['activities'],
  'task-uuid': ['tasks'],
  'party-uuid': ['parties'],
};
const SUBJECTS: Readonly<Record<string, string>> = {
  'inventory-item': 'inventory-items',
  component: 'components',
  party: 'parties',
};
const ACTORS: Readonly<Record<string, string>> = { tool: 'components', party: 'parties' };

interface Read {
  readonly uuids: string[];
  /** uuids by the array that they are in. */
  readonly within: Map<string, Set<string>>;
  readonly references: { readonly where: string; readonly uuid: string; readonly arrays: readonly string[] }[];
  readonly fragments: string[];
  readonly objectives: string[];
  readonly parts: Set<string>;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readNode(node: Node, array: string, at: string, read: Read): void {
  const uuid = node['uuid'];
  if (typeof uuid === 'string') {
    read.uuids.push(uuid);
    read.within.set(array, (read.within.get(array) ?? new Set()).add(uuid));
  }
  if (array === 'parts' && typeof node['id'] === 'string') read.parts.add(node['id']);
  for (const [key, value] of Object.entries(node)) {
    const where = `${at}/${key}`;
    if (typeof value === 'string') readText(node, key, value, where, read);
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isNode(each)) readNode(each, Array.isArray(value) ? key : array, where, read);
    }
  }
}

function readText(node: Node, key: string, value: string, where: string, read: Read): void {
  if (key === 'href' && value.startsWith('#')) read.fragments.push(value.slice(1));
  if (key === 'target-id' || key === 'objective-id') read.objectives.push(value);
  const kind = String(node['type']);
  const arrays =
    key === 'subject-uuid'
      ? [SUBJECTS[kind] ?? `no array for subjects of type ${kind}`]
      : key === 'actor-uuid'
        ? [ACTORS[kind] ?? `no array for actors of type ${kind}`]
        : TARGETS[key];
  if (arrays !== undefined) read.references.push({ where, uuid: value, arrays });
  else if (key !== 'uuid' && key.endsWith('-uuid'))
    throw new Error(`${where}: the checker does not know this reference`);
}

function readDocument(document: object): Read {
  const read: Read = {
    ...{ uuids: [], within: new Map(), references: [], fragments: [], objectives: [], parts: new Set() },
  };
  readNode(document as Node, 'root', '', read);
  return read;
}

/** How many references there were, and every one that leads nowhere. */
export function checkReferences(
  document: object,
  plan: object,
): { readonly uuids: number; readonly references: number; readonly problems: readonly string[] } {
  const read = readDocument(document);
  const planned = readDocument(plan);
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const uuid of read.uuids) {
    if (seen.has(uuid)) problems.push(`${uuid} is given twice`);
    seen.add(uuid);
  }
  for (const { where, uuid, arrays } of read.references) {
    if (!arrays.some((array) => read.within.get(array)?.has(uuid)))
      problems.push(`${where}: ${uuid} is in no ${arrays.join()}`);
  }
  for (const uuid of read.fragments) {
    if (!read.within.get('resources')?.has(uuid)) problems.push(`#${uuid} is no resource`);
  }
  for (const id of read.objectives) if (!planned.parts.has(id)) problems.push(`${id} is no objective of the plan`);
  const references = read.references.length + read.fragments.length + read.objectives.length;
  return { uuids: read.uuids.length, references, problems };
}
