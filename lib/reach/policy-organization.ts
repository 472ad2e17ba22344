/**
 * Who may call where nobody said which organization the owner is in: the policy is judged once for each that could make
 * a difference, and what all of them agree on is known.
 */
import { printable } from '../model/text.ts';
import type { Callers } from './policy-answer.ts';
import type { Statement } from './policy-document.ts';
import { policyProtection } from './policy-protection.ts';

/** A policy that names more than this is not judged for each of them: hostile ones cost seconds each. */
const MOST_ORGANIZATIONS = 4;

const KEYS: ReadonlySet<string> = new Set(['aws:principalorgid', 'aws:principalorgpaths', 'aws:resourceorgid']);

/** Organizations that the statements name; where they leave part of the name open, one of them. */
export function organizationsIn(statements: readonly Statement[]): ReadonlySet<string> {
  const texts = statements.flatMap(({ tests }) =>
    tests.filter(({ key }) => KEYS.has(key)).flatMap((test) => test.texts),
  );
  const ids = texts.map((text) => (text.split('/', 1)[0] ?? '').replaceAll(/[*?]/g, 'x'));
  return new Set(ids.filter((id) => /^o-[a-z0-9]{1,64}$/i.test(id)));
}

/** `judge` answers for an owner in this organization, or in none. */
export function whicheverOrganization(
  named: ReadonlySet<string>,
  judge: (organizationId: string | undefined) => Callers,
): Callers {
  const none = judge(undefined);
  if (named.size > MOST_ORGANIZATIONS) {
    return { ...none, ownerDecides: `names ${named.size} organizations, and nobody said which the owner is in` };
  }
  const owners = [
    ...[...named].map((id) => ({ name: printable(id, 40), callers: judge(id) })),
    // No organization has so long a name: it stands for all that are not named.
    { name: 'any other', callers: judge(`o-${'z'.repeat(65)}`) },
    { name: 'none', callers: none },
  ].map((owner) => ({ ...owner, level: policyProtection(owner.callers).level }));
  if (owners.some(({ callers }) => callers.anonymous.breadth !== none.anonymous.breadth)) {
    return { ...none, unreadable: 'it asks for the owner’s organization, and nobody said which that is' };
  }
  const levels = new Set(owners.map(({ level }) => level));
  if (levels.size === 1) return none;
  const examples = [...levels].map((level) => owners.find((owner) => owner.level === level));
  const said = examples.flatMap((owner) => (owner === undefined ? [] : [`${owner.level} for ${owner.name}`]));
  return { ...none, ownerDecides: `the owner’s organization decides, and nobody said which: ${said.join(', ')}` };
}
