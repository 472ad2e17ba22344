/** Accounts and organizations that a policy names: each is asked about as a caller of its own. */
import type { Caller, Owner } from './policy-caller.ts';
import type { Statement } from './policy-document.ts';

/** More than this many are not asked about one by one: those left over count as let in. */
export const MAX_NAMED = 100;

type Named = Extract<Caller, { readonly id: string }>;

export function namedCallers(statements: readonly Statement[], owner: Owner): readonly Named[] {
  const accounts = new Set<string>();
  const organizations = new Set<string>();
  for (const { effect, principals, tests } of statements) {
    // A Deny lets in whom it makes an exception for, where some Allow is wide enough.
    const isDeny = effect === 'Deny';
    if (principals.inverted === isDeny)
      for (const id of [...principals.accounts, ...principals.members]) accounts.add(id);
    for (const { key, texts, operator } of tests) {
      if (isDeny && !operator.negated) continue;
      for (const text of texts) {
        if (key === 'aws:principalaccount') accounts.add(text);
        else if (key === 'aws:principalarn') accounts.add(text.split(':', 5)[4] ?? '');
        else if (key === 'aws:principalorgid') organizations.add(text);
        else if (key === 'aws:principalorgpaths') organizations.add(text.split('/', 1)[0] ?? '');
      }
    }
  }
  accounts.delete(owner.accountId);
  if (owner.organizationId !== undefined) organizations.delete(owner.organizationId);
  return [
    ...[...accounts].filter((id) => /^\d{12}$/.test(id)).map((id) => ({ kind: 'account' as const, id })),
    ...[...organizations]
      .filter((id) => /^o-[a-z0-9]{1,64}$/.test(id))
      .map((id) => ({ kind: 'organization' as const, id })),
  ];
}
