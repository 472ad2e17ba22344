/**
 * lib/reach/policy.ts and what it is made of: policy-allowed, policy-answer, policy-caller, policy-condition,
 * policy-document, policy-key, policy-named, policy-operator, policy-principal, policy-service, policy-source,
 * policy-variable.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LEVELS } from '../../lib/model/protection.ts';
import { BREADTHS } from '../../lib/reach/breadth.ts';
import { blocksOf, FAMILIES } from '../../lib/reach/ipset.ts';
import { type Callers, type PolicyContext, policyProtection, whoMayCall } from '../../lib/reach/policy.ts';
import { aStatement } from '../support/policies.ts';

const breadth = z.enum(BREADTHS);
const family = z.enum(FAMILIES);
const context = z.strictObject({
  resourceArn: z.string(),
  accountId: z.string(),
  organizationId: z.string().nullable(),
  region: z.string(),
  service: z.string(),
  dataActions: z.array(z.string()),
  families: z.array(family),
  resourceless: z.boolean().exactOptional(),
  plaintextPort: z.boolean().exactOptional(),
});
const caseSchema = z.strictObject({
  row: z.string(),
  name: z.string(),
  context: context.partial().optional(),
  /** Each over an Allow of everybody, every data action and the whole resource. */
  statements: z.array(z.record(z.string(), z.unknown())).optional(),
  policy: z.record(z.string(), z.unknown()).optional(),
  expect: z.strictObject({
    anonymous: breadth,
    anyAwsPrincipal: breadth,
    /** As anyAwsPrincipal where absent. */
    standaloneAccount: breadth.optional(),
    crossAccounts: z.array(z.string()).default([]),
    configOpen: z.boolean().default(false),
    undecided: z.array(z.string()).default([]),
    level: z.enum(LEVELS).optional(),
    actions: z.array(z.string()).optional(),
    actionsOfAws: z.array(z.string()).optional(),
    blocks: z.array(z.string()).optional(),
  }),
});
const table = z
  .strictObject({ context, cases: z.array(caseSchema) })
  .parse(JSON.parse(readFileSync(new URL('../cases/policy.json', import.meta.url), 'utf8')));

function contextOf(over: z.infer<typeof caseSchema>['context'] = {}): PolicyContext {
  const { organizationId, ...rest } = context.parse({ ...table.context, ...over });
  return organizationId === null ? rest : { ...rest, organizationId };
}

function blocksIn(callers: Callers): readonly string[] {
  return FAMILIES.flatMap((one) => blocksOf(callers.anonymous.addresses[one], one, 10).blocks);
}

describe.each([...Map.groupBy(table.cases, ({ row }) => row)])('%s', (_, cases) => {
  it.each(cases)('$name', ({ context, statements = [], policy, expect: wanted }) => {
    const asked = policy ?? { Version: '2012-10-17', Statement: statements.map(aStatement) };
    const callers = whoMayCall(asked, contextOf(context));
    expect({
      anonymous: callers.anonymous.breadth,
      anyAwsPrincipal: callers.anyAwsPrincipal.breadth,
      standaloneAccount: callers.standaloneAccount.breadth,
      crossAccounts: callers.crossAccounts,
      configOpen: callers.configOpen,
      undecided: callers.undecided,
    }).toEqual({
      anonymous: wanted.anonymous,
      anyAwsPrincipal: wanted.anyAwsPrincipal,
      standaloneAccount: wanted.standaloneAccount ?? wanted.anyAwsPrincipal,
      crossAccounts: wanted.crossAccounts,
      configOpen: wanted.configOpen,
      undecided: wanted.undecided,
    });
    if (wanted.level !== undefined) expect(policyProtection(callers).level).toBe(wanted.level);
    if (wanted.actions !== undefined) expect(callers.anonymous.actions).toEqual(wanted.actions);
    if (wanted.actionsOfAws !== undefined) expect(callers.anyAwsPrincipal.actions).toEqual(wanted.actionsOfAws);
    if (wanted.blocks !== undefined) expect(blocksIn(callers)).toEqual(wanted.blocks);
    expect(whoMayCall(JSON.stringify(asked), contextOf(context))).toEqual(callers);
  });
});

const shared = new URL('../../../shared/data/access-policy-vectors.json', import.meta.url);
const vectorSchema = z.object({
  context: z.object({ domainArn: z.string(), accountId: z.string(), organizationId: z.string(), region: z.string() }),
  vectors: z.array(
    z.object({
      name: z.string(),
      statement: z.unknown(),
      expect: z.object({ anonymous: breadth, anyAwsPrincipal: breadth }),
    }),
  ),
});

describe.skipIf(!existsSync(shared))('published vectors (skipped where ../shared is absent)', () => {
  const read = existsSync(shared)
    ? vectorSchema.parse(JSON.parse(readFileSync(shared, 'utf8')))
    : { context: { domainArn: '', accountId: '', organizationId: '', region: '' }, vectors: [] };
  const { domainArn, ...rest } = read.context;

  it.each(read.vectors)('$name', ({ statement, expect: wanted }) => {
    const callers = whoMayCall({ Statement: statement }, { ...contextOf(), ...rest, resourceArn: domainArn });
    expect({ anonymous: callers.anonymous.breadth, anyAwsPrincipal: callers.anyAwsPrincipal.breadth }).toEqual(wanted);
  });
});
