/** EXP-1 to EXP-6: the inventory is whole, nothing is exposed, and each protection holds (evidence-and-alerts.md section 1.5). */
import { isKnown, type Level, type ProtectionName, WEAKEST_FIRST } from '../../model/protection.ts';
import type { ReportEndpoint } from '../../model/report.ts';
import { type Check, checkOf, counted, endpointIds, type Facts, judged, unaccepted, watched } from './facts.ts';

/** A list that is denied or in doubt is an inventory that is not complete, not one of which nothing is known. */
const cellsRead: Check = ({ population: { cells } }) => {
  const id = 'EXP-1/cells-read';
  if (cells.length === 0)
    return checkOf(id, 'not-determined', 'The inventory is of files alone: no account was asked what it holds.');
  const unread = cells.filter(({ status }) => status !== 'complete' && status !== 'not-offered');
  return judged(id, {
    against: unread.map(({ account, region, service }) => `${account}/${region}/${service}`),
    unknown: [],
    says: {
      against: (count) => `${count} of ${counted(cells.length, 'cell')} (account, region, service) not read in full.`,
      unknown: () => '',
      good: `All ${counted(cells.length, 'cell')} (account, region, service) were read in full.`,
    },
  });
};

const alwaysRead: Check = ({ population: { cells }, watch: { interruptions }, endpoints }) => {
  const id = 'EXP-1/always-read';
  if (cells.length === 0)
    return checkOf(id, 'not-determined', 'No account was asked, so nothing of it can have failed.');
  const known = new Set(endpointIds(endpoints));
  const rows = interruptions.filter(({ subject }) => subject !== 'all' && !known.has(subject));
  return judged(id, {
    against: rows.map(({ subject }) => subject),
    unknown: [],
    says: {
      against: (count) => `${counted(count, 'account or cell', 'accounts or cells')} could not be read for a time.`,
      unknown: () => '',
      good: 'No account and no cell was unreadable at any time on record.',
    },
  });
};

const reconciled: Check = ({ population: { cells, differences } }) => {
  const id = 'EXP-1/reconciled';
  if (cells.length === 0)
    return checkOf(id, 'not-determined', 'No independent inventory was read that the files could be compared with.');
  const of = (disposition: string): string[] =>
    differences.filter((each) => each.disposition === disposition).map(({ endpointId }) => endpointId);
  return judged(id, {
    against: of('forgotten'),
    unknown: of('unseen'),
    says: {
      against: (count) =>
        `${counted(count, 'endpoint')} that no service and no file lists, found by another inventory.`,
      unknown: (count) => `${counted(count, 'endpoint')} no longer listed, whose deletion nobody confirmed.`,
      good: 'Inventories that do not know of each other agree.',
    },
  });
};

const LETTING_IN: readonly ProtectionName[] = ['network', 'access-policy', 'sharing'];

const noExposure: Check = (facts) =>
  judged('EXP-2/no-window', {
    against: unaccepted(facts)
      .filter(({ protection, verdict }) => verdict === 'exposed' || LETTING_IN.includes(protection))
      .map(({ id }) => id),
    unknown: endpointIds(facts.endpoints.filter(isUnknown)),
    says: {
      against: (count) => `${counted(count, 'window')} in which strangers were let nearer than anybody accepted.`,
      unknown: (count) => `Of ${counted(count, 'endpoint')} it is not known at the end of the period.`,
      good: 'No window of the period let strangers nearer than somebody accepted.',
    },
  });

const nothingOpen: Check = (facts) =>
  judged('EXP-2/nothing-exposed', {
    against: endpointIds(facts.endpoints.filter(({ posture }) => posture.verdict.name === 'exposed')),
    unknown: endpointIds(facts.endpoints.filter(isUnknown)),
    says: {
      against: (count) => `${counted(count, 'endpoint')} open to anybody at the end of the period.`,
      unknown: (count) => `Of ${counted(count, 'endpoint')} it is not known at the end of the period.`,
      good: 'At the end of the period no endpoint is open to anybody.',
    },
  });

function isUnknown({ posture: { verdict } }: ReportEndpoint): boolean {
  return verdict.name === 'unknown' || !verdict.confirmed;
}

/** The weaker of what is declared and what was seen; unknown only where neither says anything. */
function levelOf({ posture }: ReportEndpoint, protection: ProtectionName): Level {
  const levels = [posture.declared[protection].level, posture.observed[protection].level];
  return WEAKEST_FIRST.find((level) => level !== 'unknown' && levels.includes(level)) ?? 'unknown';
}

interface Holding {
  readonly id: string;
  readonly protection: ProtectionName;
  readonly what: string;
  /** What a closed door makes pointless to ask. */
  readonly isMoot?: (endpoint: ReportEndpoint) => boolean;
}

/** The protection holds everywhere at the end, and no window of it was in the period. */
function holds({ id, protection, what, isMoot = () => false }: Holding): Check {
  return (facts) => {
    const windows = unaccepted(facts).filter((incident) => incident.protection === protection);
    const levels = facts.endpoints.map((endpoint) => ({ endpoint, level: levelOf(endpoint, protection) }));
    const accepted = acceptedAt(facts, protection);
    const weak = levels.filter(
      ({ endpoint, level }) => (level === 'off' || level === 'partial') && !accepted.has(endpoint.endpoint.id),
    );
    const unknown = levels.filter(({ endpoint, level }) => level === 'unknown' && !isMoot(endpoint));
    if (levels.length === 0) return checkOf(id, 'not-determined', 'No endpoint is known.');
    return judged(id, {
      against: [...windows.map(({ endpointId }) => endpointId), ...endpointIds(weak.map(({ endpoint }) => endpoint))],
      unknown: endpointIds(unknown.map(({ endpoint }) => endpoint)),
      says: {
        against: (count) =>
          `${counted(count, 'endpoint')} where ${what} was missing or partial, at the end or in a window.`,
        unknown: (count) => `Of ${counted(count, 'endpoint')} it is not known whether ${what} is on.`,
        good: `${what[0]?.toUpperCase()}${what.slice(1)} held on all ${levels.filter(({ level }) => isKnown(level)).length} endpoints that have it.`,
      },
    });
  };
}

function acceptedAt({ incidents }: Facts, protection: ProtectionName): ReadonlySet<string> {
  const accepted = incidents.filter((each) => each.status === 'accepted' && each.protection === protection);
  return new Set(accepted.map(({ endpointId }) => endpointId));
}

/** Closed, by a positive observation: nobody from outside comes to a login or a line to listen to. */
function isClosed({ posture: { verdict } }: ReportEndpoint): boolean {
  return verdict.name === 'protected' && verdict.confirmed;
}

const AUTHENTICATION = { protection: 'authentication', what: 'authentication', isMoot: isClosed } as const;
const TLS = { protection: 'tls', what: 'encryption in transit', isMoot: isClosed } as const;

export const POSTURE_CHECKS: readonly Check[] = [
  cellsRead,
  alwaysRead,
  reconciled,
  noExposure,
  nothingOpen,
  watched('EXP-2/watched'),
  holds({ id: 'EXP-3/authentication', ...AUTHENTICATION }),
  watched('EXP-3/watched'),
  holds({ id: 'EXP-4/tls', ...TLS }),
  watched('EXP-4/watched'),
  holds({ id: 'EXP-5/encryption-at-rest', protection: 'encryption-at-rest', what: 'encryption at rest' }),
  holds({ id: 'EXP-6/audit-log', protection: 'audit-log', what: 'the audit log' }),
];
