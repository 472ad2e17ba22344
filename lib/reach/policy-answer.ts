/** What is asked of a policy, and the answer. */
import type { Breadth } from './breadth.ts';
import type { Addresses, Family } from './ipset.ts';

export interface PolicyContext {
  /** The resource that carries the policy, such as `arn:aws:es:us-east-1:111111111111:domain/d`. */
  readonly resourceArn: string;
  readonly accountId: string;
  /** The owner's. Absent: it is in none. UNKNOWN_ORGANIZATION: nobody said. */
  readonly organizationId?: string | undefined;
  readonly region: string;
  /** The prefix of the service's actions: `es`, `cloudsearch`, `dynamodb`, `dsql`, `osis`, `kafka`, ... */
  readonly service: string;
  /** The actions that read or write data, such as `es:ESHttpGet`. */
  readonly dataActions: readonly string[];
  /** The address families of the endpoint. */
  readonly families: readonly Family[];
  /** The service's policies have no Resource element (CloudSearch). */
  readonly resourceless?: boolean;
  /** Whether a request without TLS can be sent; unknown where absent. */
  readonly plaintextPort?: boolean;
}

export interface Caller {
  /** The internet's addresses it may call from. Empty where the breadth is `UNKNOWN`. */
  readonly addresses: Addresses;
  readonly breadth: Breadth | 'UNKNOWN';
  /** Data actions that are open from at least one of these addresses. */
  readonly actions: readonly string[];
  /** The Allow statements that open them: Sid, or `#` and place. */
  readonly statements: readonly string[];
}

export interface Callers {
  /** An unsigned request. */
  readonly anonymous: Caller;
  /** A request signed by an arbitrary account of an arbitrary other organization. */
  readonly anyAwsPrincipal: Caller;
  /** The same, by an account of no organization at all: it sends no aws:PrincipalOrgID, so `IfExists` lets it in. */
  readonly standaloneAccount: Caller;
  /** Other accounts and organizations that the policy names and lets in, siblings in the owner's organization too. */
  readonly crossAccounts: readonly string[];
  /** Any AWS account may call the configuration API. */
  readonly configOpen: boolean;
  /** Condition keys and elements that were taken for open because they could not be decided. */
  readonly undecided: readonly string[];
  /** There is no policy: same-account signed requests only. */
  readonly absent?: true;
  /** Nobody said which organization the owner is in, and that decides: how. What an unsigned request may do is known. */
  readonly ownerDecides?: string;
  /** Why the policy could not be understood; nothing else here is known then. */
  readonly unreadable?: string;
}
