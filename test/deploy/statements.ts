import type { Resource } from './packaged.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, unknown>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Of a policy that stands at `property`, or is the resource itself as a bus's policy is. */
export function statementsOf(resource: Resource | undefined, property = 'PolicyDocument'): readonly Statement[] {
  const document = (resource?.Properties[property] ?? resource?.Properties) as
    | { readonly Statement?: Statement | readonly Statement[] }
    | undefined;
  return [document?.Statement ?? []].flat();
}

/** Of a role: its own policies, and those that are attached to it. */
export function statementsOfRole(name: string, resources: Readonly<Record<string, Resource>>): readonly Statement[] {
  const role = resources[name];
  const own = (role?.Properties['Policies'] ?? []) as { PolicyDocument: { Statement: readonly Statement[] } }[];
  const attached = (role?.Properties['ManagedPolicyArns'] ?? []) as { Ref: string }[];
  return [
    ...own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    ...attached.flatMap(({ Ref }) => statementsOf(resources[Ref])),
  ];
}

export function attribute(name: string, of: string): { readonly 'Fn::GetAtt': readonly [string, string] } {
  return { 'Fn::GetAtt': [name, of] };
}
