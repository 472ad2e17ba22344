/** The words of a report: one plain name for each value of the model, and a cure for each cause of blindness. */
import type { CoverageGap, GapCode } from '../model/endpoint.ts';
import type { CloseCause, Incident, Origin } from '../model/incident.ts';
import type { ProtectionName } from '../model/protection.ts';
import type { ObjectiveState, ReportSealed } from '../model/report-evidence.ts';
import type { VerdictName } from '../model/verdict.ts';

export const PROTECTION_WORDS: Readonly<Record<ProtectionName, string>> = {
  network: 'Network',
  authentication: 'Authentication',
  'access-policy': 'Access policy',
  tls: 'TLS',
  'encryption-at-rest': 'At rest',
  'audit-log': 'Audit log',
  sharing: 'Sharing',
  guardrail: 'Guardrail',
};

export const VERDICT_WORDS: Readonly<Record<VerdictName, string>> = {
  exposed: 'A stranger can read it.',
  reachable: 'A stranger reaches it and is asked to authenticate.',
  latent: 'The configuration is open; the network has not shown it.',
  protected: 'Seen closed.',
  unknown: 'Nothing conclusive was seen. Not a pass.',
};

export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  removed: 'removed',
  adoption: 'found at adoption',
  'no-longer-allowed': 'no longer allowed',
};

export const STATUS_WORDS: Readonly<Record<Incident['status'], string>> = {
  open: 'open',
  closed: 'closed',
  accepted: 'accepted',
};

export const CLOSE_WORDS: Readonly<Record<CloseCause, string>> = {
  fixed: 'protection seen back',
  'closed-to-us': 'endpoint seen closed',
  deleted: 'deletion confirmed by the API',
  accepted: 'accepted by an allowance',
  merged: 'part of another incident: it was one window',
  withdrawn: 'a late reading showed that there was none',
};

export const STATE_WORDS: Readonly<Record<ObjectiveState, string>> = {
  satisfied: 'satisfied',
  'not-satisfied': 'not satisfied',
  'not-determined': 'not determined',
};

export const STAGE_WORDS: Readonly<Record<CoverageGap['stage'], string>> = {
  inventory: 'while listing',
  probe: 'while probing',
  assess: 'while judging',
  notify: 'while notifying',
};

/** What a gap means and what ends it. The gap's own detail is shown beside it. */
export const GAP_WORDS: Readonly<Record<GapCode, { readonly cause: string; readonly cure: string }>> = {
  unresolved: {
    cause: 'The name did not resolve',
    cure: 'Correct the name, or remove the endpoint from the inventory.',
  },
  'forbidden-address': {
    cause: 'The address is on the deny list',
    cure: 'Pass --allow-private where the address is yours to probe.',
  },
  'no-answer': {
    cause: 'Nothing answered',
    cure: 'Check that the vantage reaches it; three silences two minutes apart count as closed.',
  },
  'not-this-protocol': {
    cause: 'Something else answered',
    cure: 'Correct the engine or the port in the inventory.',
  },
  undetermined: {
    cause: 'The answer decided nothing',
    cure: 'Probe again; if it persists, report the answer as a bug of the probe.',
  },
  'budget-spent': {
    cause: 'The connection budget is spent',
    cure: 'Reset the host cache of the server, then the count in ajar.',
  },
  lockout: {
    cause: 'The server has locked the vantage out',
    cure: 'Unblock the vantage on the server, then the count in ajar.',
  },
  'no-probe': { cause: 'No probe speaks this engine', cure: 'Watch the configuration, or add a probe.' },
  'not-permitted': {
    cause: 'The provider lets nobody look further without its leave',
    cure: 'Ask AWS, and record its answer as `permission`; or list the endpoint in a file of your own.',
  },
  'not-in-inventory': {
    cause: 'It left the inventory without a confirmed deletion',
    cure: 'Confirm the deletion, or restore the inventory source.',
  },
  unproven: {
    cause: 'The inventory no longer proved the address to be ours',
    cure: 'See why the sweep is late (ajar doctor); a released address belongs to somebody else.',
  },
  stopped: { cause: 'Probing was switched off by hand', cure: 'Remove the switch when the reason for it has passed.' },
  captive: {
    cause: 'A proxy in front of the vantage answers in place of others',
    cure: 'Take the prober off that path: 192.0.2.1, which belongs to nobody, must not accept connections.',
  },
  'shared-egress': {
    cause: 'The server would block a workload that shares our address',
    cure: 'Look from an address that no database client has.',
  },
  elsewhere: {
    cause: 'The name leads to an address that the inventory does not list for it',
    cure: 'Correct the record or the inventory; until then what was seen there may be of something else.',
  },
  'vantage-silent': {
    cause: 'A vantage that used to look at it no longer does',
    cure: 'See why its prober is silent; what it would see is not known.',
  },
  cancelled: { cause: 'The run was stopped first', cure: 'Run it again with a longer deadline.' },
  fault: { cause: 'ajar itself failed', cure: 'Read the run log and report it.' },
  denied: {
    cause: 'The cloud provider refused the call',
    cure: 'Grant the action to the role, or exempt the role from the policy that denies it.',
  },
  throttled: { cause: 'The provider throttled every attempt', cure: 'Sweep less often, or at another time.' },
  'not-enabled': { cause: 'The region is not enabled there', cure: 'Nothing to do unless the region was in use.' },
  'not-answered': { cause: 'The provider did not answer', cure: 'Sweep again; if it persists, see its health page.' },
  incomplete: { cause: 'The list broke off', cure: 'Sweep again: what was not listed is unknown, not gone.' },
  stale: { cause: 'It was not read again in time', cure: 'See why the sweep is late (ajar doctor).' },
};

export const SEALED_WORDS: Readonly<Record<ReportSealed['state'], string>> = {
  verified: 'verified',
  incomplete: 'not complete',
  broken: 'broken',
  'not-read': 'not read',
};
