/** The `access-policy` protection, with the reason in words. */
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import { printable } from '../model/text.ts';
import type { Protection } from '../model/protection.ts';
import { BREADTHS, type Breadth, breadthOf } from './breadth.ts';
import { blocksOf, FAMILIES } from './ipset.ts';
import type { Caller, Callers } from './policy-answer.ts';

const MOST_BLOCKS = 3;
const MOST_NAMES = 3;

/** A kind of stranger and its words: who may do it from anywhere, whose requests from some addresses, and how. */
interface Stranger {
  readonly caller: Caller;
  readonly anyone: string;
  readonly requests: string;
  readonly how: string;
}

/** `off` where a stranger may call from anywhere or nearly, `partial` where only some may. */
export function policyProtection(callers: Callers): Protection {
  if (callers.unreadable !== undefined) return declaredUnknown(`access policy not understood: ${callers.unreadable}`);
  if (callers.ownerDecides !== undefined) return declaredUnknown(callers.ownerDecides);
  if (callers.absent === true) return declaredOn('no access policy: only signed requests of the same account');
  const worst = strangersOf(callers).toSorted((a, b) => rankOf(b.caller) - rankOf(a.caller))[0];
  const doubt = callers.undecided.length > 0 ? `; undecided: ${named(callers.undecided)}` : '';
  if (worst !== undefined && rankOf(worst.caller) > 0) {
    const level = rankOf(worst.caller) > BREADTHS.indexOf('LIMITED') ? declaredOff : declaredPartial;
    return level(sentence(worst) + doubt);
  }
  if (callers.crossAccounts.length > 0) {
    return declaredPartial(`lets in other accounts or organizations: ${named(callers.crossAccounts)}${doubt}`);
  }
  if (callers.configOpen) return declaredPartial(`lets any AWS account call the configuration API${doubt}`);
  if (callers.undecided.length > 0) return declaredUnknown(`no statement known to let a stranger in${doubt}`);
  return declaredOn('no statement lets a stranger or another account in');
}

function strangersOf({ anonymous, anyAwsPrincipal, standaloneAccount }: Callers): readonly Stranger[] {
  const signed = { requests: 'requests signed by any AWS account', how: '' };
  return [
    { caller: anonymous, anyone: 'anyone on the internet', requests: 'unsigned requests', how: ' without signing' },
    { caller: anyAwsPrincipal, anyone: 'any AWS account', ...signed },
    {
      caller: standaloneAccount,
      anyone: 'any AWS account outside an organization',
      requests: 'requests signed by any AWS account outside an organization',
      how: '',
    },
  ];
}

function rankOf({ breadth }: Caller): number {
  return breadth === 'UNKNOWN' ? -1 : BREADTHS.indexOf(breadth);
}

function sentence({ caller, anyone, requests, how }: Stranger): string {
  const statements = `statement${caller.statements.length > 1 ? 's' : ''} ${named(caller.statements)}`;
  const lets = caller.statements.length > 1 ? 'let' : 'lets';
  const actions = named(caller.actions);
  return caller.breadth === 'WORLD'
    ? `${statements} ${lets} ${anyone} (WORLD${familyOf(caller)}) call ${actions}${how}`
    : `${statements} ${lets} ${requests} from ${blocksIn(caller)} (${caller.breadth}) call ${actions}`;
}

/** Where only one family is open to the world, which: the other may look closed to whoever checks. */
function familyOf({ addresses }: Caller): string {
  const open: readonly Breadth[] = FAMILIES.map((family) => breadthOf(addresses[family], family));
  if (open.every((breadth) => breadth === 'WORLD')) return '';
  return open[0] === 'WORLD' ? ' over IPv4' : ' over IPv6';
}

function blocksIn({ addresses }: Caller): string {
  const found = FAMILIES.map((family) => blocksOf(addresses[family], family, MOST_BLOCKS));
  const blocks = found.flatMap((one) => one.blocks);
  const more = found.some((one) => one.more) || blocks.length > MOST_BLOCKS;
  return blocks.slice(0, MOST_BLOCKS).join(', ') + (more ? ' and more' : '');
}

function named(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMES).map((name) => printable(name, 40));
  const left = names.length - some.length;
  return some.join(', ') + (left > 0 ? ` and ${left} more` : '');
}
