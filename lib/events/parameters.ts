/**
 * Reads request and response elements of CloudTrail: keys in any case, `<eventName>Request` around them or not, one
 * object where others have a list (aws-services.md section 5.4). Walks only where a path leads, so depth is the path's.
 */

/** Lists are read so far, and no further: what is beyond names a whole cell. */
export const MAX_VALUES = 10_000;

/** What stands at one path; `whole` is false where there was more than is read. */
export interface Found {
  readonly values: readonly unknown[];
  readonly whole: boolean;
}

/** Without the wrapper: `requestOf(requestParameters, 'ModifySecurityGroupRules')`. */
export function requestOf(parameters: unknown, eventName: string): unknown {
  return unwrapped(parameters, `${eventName}Request`);
}

export function responseOf(elements: unknown, eventName: string): unknown {
  return unwrapped(elements, `${eventName}Response`);
}

function unwrapped(elements: unknown, wrapper: string): unknown {
  const [inner] = membersOf(elements, wrapper);
  return isObject(inner) ? inner : elements;
}

/** Everything at a dotted path, lists on the way and at its end taken apart; `null` and empty text count as absent. */
export function found(root: unknown, path: string): Found {
  let level = bounded([root]);
  for (const name of path.split('.')) {
    const next = bounded(level.values.flatMap((value) => membersOf(value, name)));
    level = { values: next.values, whole: level.whole && next.whole };
  }
  return { ...level, values: level.values.filter((value) => value !== null && value !== undefined && value !== '') };
}

/** Whether something says `true` there, as JSON or as text. */
export function saysTrue(root: unknown, path: string): boolean {
  return found(root, path).values.some((value) => value === true || value === 'true');
}

/** Lists within lists are no lists of names. */
function bounded(values: readonly unknown[]): Found {
  const flat: unknown[] = [];
  for (const value of values) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (flat.length + items.length > MAX_VALUES) return { values: flat, whole: false };
    for (const item of items) flat.push(item);
  }
  return { values: flat, whole: true };
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  if (!isObject(value)) return [];
  const wanted = name.toLowerCase();
  return Object.entries(value).flatMap(([key, member]) => (key.toLowerCase() === wanted ? [member] : []));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
