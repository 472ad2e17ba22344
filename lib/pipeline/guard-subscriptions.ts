/** Who listens to the topics, against who should (evidence-and-alerts.md section 3.1). */
import type { HealthAudience, Problem } from '../model/health.ts';
import { printable } from '../model/text.ts';
import type { Check } from './guard.ts';

export const AUDIENCES = ['page', 'chat', 'machine', 'digest', 'health'] as const;
export type Audience = (typeof AUDIENCES)[number];

export interface Subscription {
  readonly audience: Audience;
  readonly protocol: string;
  readonly endpoint: string;
}
export interface HeldSubscription extends Subscription {
  readonly confirmed: boolean;
}

export interface Declared {
  readonly subscriptions: readonly Subscription[];
  /** What is no `audience protocol endpoint`. */
  readonly malformed: readonly string[];
  /** Only what comes with the stack is known: whoever else listens may. */
  readonly othersToo?: true;
}

/** Without somebody there, nobody is woken and nobody hears that nobody is. */
const NEEDED = ['page', 'health'] as const satisfies readonly HealthAudience[];
/** As many strangers are told one by one. */
const MAX_UNKNOWN = 20;

export function declaredOf(entries: readonly string[]): Declared {
  const subscriptions: Subscription[] = [];
  const malformed: string[] = [];
  for (const entry of entries) {
    const [name, protocol, endpoint, ...rest] = entry.trim().split(/\s+/);
    const audience = AUDIENCES.find((a) => a === name);
    if (audience === undefined || protocol === undefined || endpoint === undefined || rest.length > 0)
      malformed.push(entry);
    else subscriptions.push({ audience, protocol, endpoint });
  }
  return { subscriptions, malformed };
}

/** `undefined`: nobody said who should listen; then somebody has to, where it matters. */
export function subscriptionsCheck(
  read: () => Promise<readonly HeldSubscription[]>,
  declared: Declared | undefined,
): Check {
  return {
    name: 'subscriptions',
    async look() {
      const held = await read();
      const missed = declared === undefined ? [] : [...differences(declared, held), ...malformedOf(declared)];
      return { problems: [...NEEDED.flatMap((audience) => unheard(audience, held)), ...missed] };
    },
  };
}

function unheard(audience: HealthAudience, held: readonly HeldSubscription[]): readonly Problem[] {
  const all = held.filter((s) => s.audience === audience);
  if (all.some(({ confirmed }) => confirmed)) return [];
  const pending = all.length === 0 ? 'There is no subscription' : `${all.length} wait to be confirmed`;
  return [
    {
      key: `subscriptions/${audience}/nobody`,
      severity: 'critical',
      subject: `nobody listens to the ${audience} topic`,
      detail: `${pending}: what is published there reaches no one. Subscribe somebody, and confirm it.`,
      deafens: audience,
    },
  ];
}

function differences(
  { subscriptions: declared, othersToo }: Declared,
  held: readonly HeldSubscription[],
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const one of declared) {
    const found = held.filter((each) => isSame(one, each));
    if (found.some(({ confirmed }) => confirmed)) continue;
    problems.push(found.length === 0 ? missing(one) : pending(one));
  }
  const strangers = othersToo === true ? [] : held.filter((each) => !declared.some((one) => isSame(one, each)));
  const unknown = strangers.map(notDeclared);
  const byKey = new Map(unknown.map((problem) => [problem.key, problem]));
  return [...problems, ...[...byKey.values()].slice(0, MAX_UNKNOWN)];
}

function missing(one: Subscription): Problem {
  return {
    key: `subscriptions/missing/${textOf(one)}`,
    severity: severityOf(one),
    subject: printable(`subscription lost: ${textOf(one)}`, 99),
    detail: `${textOf(one)} is declared and is not subscribed. Subscribe it again, or declare what is meant.`,
  };
}

function pending(one: Subscription): Problem {
  return {
    key: `subscriptions/pending/${textOf(one)}`,
    severity: severityOf(one),
    subject: printable(`subscription not confirmed: ${textOf(one)}`, 99),
    detail: `${textOf(one)} gets nothing before it is confirmed. SNS takes confirmations back where a receiver refuses too much.`,
  };
}

function notDeclared(one: HeldSubscription): Problem {
  return {
    key: `subscriptions/unknown/${textOf(one)}`,
    severity: 'warning',
    subject: printable(`subscription nobody declared: ${textOf(one)}`, 99),
    detail: `${textOf(one)} ${one.confirmed ? 'reads' : 'waits to read'} what ajar finds, and is not declared. Declare it or remove it.`,
  };
}

function malformedOf({ malformed }: Declared): readonly Problem[] {
  if (malformed.length === 0) return [];
  const said = malformed.slice(0, 5).map((entry) => printable(entry, 60));
  return [
    {
      key: 'subscriptions/declared',
      severity: 'warning',
      subject: 'the list of declared subscriptions is malformed',
      detail: `Not \`audience protocol endpoint\`: ${said.join('; ')}. Audiences: ${AUDIENCES.join(', ')}.`,
    },
  ];
}

/** SNS shows `****` for a password in a URL. Names of hosts and mailboxes are the same in any case. */
function isSame(one: Subscription, each: Subscription): boolean {
  const plain = ({ audience, protocol, endpoint }: Subscription): string =>
    [audience, protocol, endpoint.replace(/^(https?:\/\/[^/@:]{0,256}):[^/@]{0,256}@/, '$1:****@')]
      .join(' ')
      .toLowerCase();
  return plain(one) === plain(each);
}

/** A URL is often a secret: of it only the host is said. */
function textOf({ audience, protocol, endpoint }: Subscription): string {
  const shown = protocol.startsWith('http') ? hostOf(endpoint) : endpoint;
  return printable(`${audience} ${protocol} ${shown}`, 150);
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? `${new URL(endpoint).host}/...` : 'a malformed URL';
}

function severityOf({ audience }: Subscription): Problem['severity'] {
  return NEEDED.some((needed) => needed === audience) ? 'critical' : 'warning';
}
