/**
 * Users of the Redis family, as ElastiCache user groups and MemoryDB access control lists hold them
 * (aws-services.md sections 2.11 and 2.12). One user of an attached group who needs no password is no authentication
 * for all: anybody may say that name. A user whose access string says `off` cannot log in at all.
 */
import { declaredOff, declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';

export interface CacheUser {
  readonly name: string;
  /** `no-password`, `password` or `iam`; undefined where AWS did not say. */
  readonly authentication: string | undefined;
  readonly accessString: string | undefined;
}

/** What was read of one or more groups: their users, and what was not. */
export interface Members {
  readonly users: readonly CacheUser[];
  /** Why there may be others. Empty: these are all. */
  readonly unread: readonly string[];
}

/** How many names an evidence line holds. */
const NAMED = 5;
const DEMANDING = new Set(['password', 'iam']);

export function authenticationOf(group: string, { users, unread }: Members): Protection {
  const open = users.filter((u) => u.authentication === 'no-password' && !isOff(u.accessString));
  if (open.length > 0) {
    const names = open.slice(0, NAMED).map((u) => u.name);
    const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
    return declaredOff(`${group}: Authentication.Type=no-password for ${names.join(', ')}${more}`);
  }
  const [why] = unread;
  if (why !== undefined) return declaredUnknown(`${group}: ${why}`);
  const odd = users.find((u) => !isOff(u.accessString) && !DEMANDING.has(u.authentication ?? ''));
  if (odd !== undefined) {
    return declaredUnknown(`${group}: Authentication.Type=${odd.authentication ?? 'absent'} for ${odd.name}`);
  }
  // Nobody may log in: nobody is let in without a password either.
  return declaredOn(`${group}: each of ${users.length} users needs a password or IAM, or is off`);
}

/** Rules of an access string apply in order, so the last switch counts; one without any is taken as on. */
function isOff(accessString: string | undefined): boolean {
  const switches = (accessString ?? '')
    .toLowerCase()
    .split(' ')
    .filter((rule) => rule === 'on' || rule === 'off' || rule === 'reset');
  const last = switches.at(-1);
  return last === 'off' || last === 'reset';
}
