/**
 * Who on the internet may send a data request under an AWS resource access policy (aws-services.md section 3).
 * The answer can be too wide where a policy cannot be decided, and then says so. It is never too narrow.
 */
import { UNKNOWN_ORGANIZATION } from '../model/inventory.ts';
import { printable } from '../model/text.ts';
import { breadthOfBoth } from './breadth.ts';
import { NOBODY } from './ipset.ts';
import { type Allowed, allowed, type RuleSet, ruleSetsOf } from './policy-allowed.ts';
import type { Caller, Callers, PolicyContext } from './policy-answer.ts';
import type { Caller as Kind, Owner } from './policy-caller.ts';
import { type PolicyDocument, readPolicy, type Statement } from './policy-document.ts';
import { MAX_NAMED, namedCallers } from './policy-named.ts';
import { organizationsIn, whicheverOrganization } from './policy-organization.ts';
import { configurationRequests, dataRequests, takesUnsigned } from './policy-service.ts';

export type { Callers, PolicyContext } from './policy-answer.ts';
export { policyProtection } from './policy-protection.ts';

const MAX_UNDECIDED = 20;
const NOT_LET_IN: Caller = { addresses: NOBODY, breadth: 'NONE', actions: [], statements: [] };
const NOT_KNOWN: Caller = { ...NOT_LET_IN, breadth: 'UNKNOWN' };

export function whoMayCall(policy: string | object | undefined, context: PolicyContext): Callers {
  if (context.organizationId !== UNKNOWN_ORGANIZATION) return ofOwner(context, read(policy, context));
  const document = read(policy, { ...context, organizationId: undefined });
  return whicheverOrganization(document.state === 'read' ? organizationsIn(document.statements) : new Set(), (id) => {
    const owner = { ...context, organizationId: id };
    return ofOwner(owner, read(policy, owner));
  });
}

function read(policy: string | object | undefined, context: PolicyContext): PolicyDocument {
  return readPolicy(policy, { ...ownerOf(context), resourceless: context.resourceless === true });
}

function ownerOf(context: PolicyContext): PolicyContext & Owner {
  return { ...context, partition: context.resourceArn.split(':', 2)[1] ?? '' };
}

function ofOwner(context: PolicyContext, document: PolicyDocument): Callers {
  switch (document.state) {
    case 'absent':
      return { ...same(NOT_LET_IN), absent: true };
    case 'unreadable':
      return { ...same(NOT_KNOWN), unreadable: printable(document.why) };
    case 'read':
      return judged(document.statements, document.doubts, ownerOf(context));
  }
}

function same(caller: Caller): Callers {
  return {
    anonymous: caller,
    anyAwsPrincipal: caller,
    standaloneAccount: caller,
    crossAccounts: [],
    configOpen: false,
    undecided: [],
  };
}

function judged(statements: readonly Statement[], doubts: readonly string[], owner: PolicyContext & Owner): Callers {
  const { service, resourceArn, dataActions, families } = owner;
  const data = ruleSetsOf(statements, dataRequests(service, resourceArn, dataActions));
  const ask = (kind: Kind, sets: readonly RuleSet[] = data): Allowed => allowed(kind, sets, owner, families);
  const strangers = [
    ask({ kind: 'anonymous' }, takesUnsigned(service) ? data : []),
    ask({ kind: 'member' }),
    ask({ kind: 'standalone' }),
  ] as const;
  const named = namedCallers(statements, owner).map((kind, index) => ({
    id: kind.id,
    ...(index < MAX_NAMED ? { asked: ask(kind) } : {}),
  }));
  const letIn = named.filter(({ asked }) => asked === undefined || asked.actions.length > 0);
  const configuration = ruleSetsOf(statements, configurationRequests(service, resourceArn));
  const undecided = [...strangers, ...letIn.flatMap(({ asked }) => asked ?? [])].flatMap((one) => one.undecided);
  const [anonymous, anyAwsPrincipal, standaloneAccount] = strangers;
  return {
    anonymous: callerOf(anonymous),
    anyAwsPrincipal: callerOf(anyAwsPrincipal),
    standaloneAccount: callerOf(standaloneAccount),
    crossAccounts: letIn.map(({ id }) => id),
    configOpen: (['member', 'standalone'] as const).some((kind) => ask({ kind }, configuration).actions.length > 0),
    undecided: shown([...doubts, ...undecided]),
  };
}

function callerOf({ written, addresses, actions, statements }: Allowed): Caller {
  return { addresses, breadth: actions.length === 0 ? 'NONE' : breadthOfBoth(written), actions, statements };
}

function shown(undecided: readonly string[]): readonly string[] {
  const all = [...new Set(undecided)];
  const left = all.length - MAX_UNDECIDED;
  const some = all.slice(0, MAX_UNDECIDED).map((one) => printable(one, 100));
  return left > 0 ? [...some, `${left} more`] : some;
}
