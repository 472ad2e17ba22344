/** EXP-7 to EXP-11: found in time, watched throughout, exceptions kept, told and handled, on record (evidence-and-alerts.md section 1.5). */
import { PROMISED_SECONDS } from '../../model/drill.ts';
import type { ReportIncident } from '../../model/report.ts';
import { type Check, checkOf, counted, type Facts, isWatched, judged, unaccepted, watched } from './facts.ts';

/** What was open when first seen shows nothing of how fast a change is found. */
const detectedInTime: Check = ({ incidents, period }) => {
  const id = 'EXP-7/detected-in-time';
  const removals = incidents.filter(({ origin, detectedAt }) => origin === 'removed' && detectedAt >= period.from);
  if (removals.length === 0)
    return checkOf(
      id,
      'not-determined',
      'No protection was removed in the period: nothing shows how fast it would be found.',
    );
  const late = removals.filter((incident) => (mostSeconds(incident) ?? 0) > PROMISED_SECONDS);
  const unbounded = removals.filter((incident) => mostSeconds(incident) === undefined);
  return judged(id, {
    against: late.map((incident) => incident.id),
    unknown: unbounded.map((incident) => incident.id),
    says: {
      against: (count) =>
        `${count} of ${counted(removals.length, 'removal')} may have gone unseen for more than ${PROMISED_SECONDS} s.`,
      unknown: (count) => `Of ${count} of ${counted(removals.length, 'removal')} the beginning has no lower bound.`,
      good: `All ${counted(removals.length, 'removal')} were found within ${PROMISED_SECONDS} s, by upper bounds.`,
    },
  });
};

function mostSeconds({ start: { exact, lower }, detectedAt }: ReportIncident): number | undefined {
  const from = exact ?? lower;
  return from === undefined ? undefined : (Date.parse(detectedAt) - Date.parse(from)) / 1_000;
}

function drilled(id: string): Check {
  return ({ drill }) => {
    if (drill === undefined) return checkOf(id, 'not-determined', 'No drill was over in the period.');
    const { due, alerted } = drill.totals;
    const bad = drill.openings.filter(
      ({ alertSeconds }) => alertSeconds === undefined || alertSeconds > PROMISED_SECONDS,
    );
    return judged(id, {
      against: bad.map(({ from }) => from),
      unknown: [],
      says: {
        against: (count) => `${count} of ${counted(due, 'opening')} of the drill told late or never.`,
        unknown: () => '',
        good: `${alerted} of ${counted(due, 'opening')} of the drill told within ${PROMISED_SECONDS} s.`,
      },
    });
  };
}

/** Here a stretch unseen is not too little evidence: it is what the objective forbids. */
const coverage: Check = (facts) => {
  const id = 'EXP-8/coverage';
  const { percent } = facts.watch;
  if (percent === undefined)
    return checkOf(id, 'not-determined', 'No endpoint existed in the period, as far as is known.');
  const text = `${percent} % of the time that endpoints existed was watched; 99 % are the least.`;
  return checkOf(id, isWatched(facts) ? 'satisfied' : 'not-satisfied', text);
};

/** Two intervals of five minutes, and one (I3). */
const ALARM_SECONDS = 660;

/**
 * A stretch that is too short to be alarmed in it is none to ask for an alarm of. One that no alarm was raised of is against it
 * where alarms are on record since before it began; in an early ledger nobody knows.
 */
const alarmed: Check = ({ watch: { interruptions }, alarmsSince }) => {
  const long = interruptions.filter(({ seconds }) => seconds > ALARM_SECONDS);
  const isKnown = ({ from }: { readonly from: string }): boolean => alarmsSince !== undefined && from >= alarmsSince;
  const late = long.filter(({ alarmSeconds }) => alarmSeconds !== undefined && alarmSeconds > ALARM_SECONDS);
  const never = long.filter((each) => each.alarmedAt === undefined && isKnown(each));
  const unknown = long.filter((each) => each.alarmedAt === undefined && !isKnown(each));
  return judged('EXP-8/alarmed', {
    against: [...late, ...never].map(({ subject }) => subject),
    unknown: unknown.map(({ subject }) => subject),
    says: {
      against: () =>
        `Of ${counted(long.length, 'stretch', 'stretches')} unseen for more than ${ALARM_SECONDS} s ` +
        `${late.length} were alarmed later than that and ${never.length} never.`,
      unknown: (count) =>
        `Of stretches unseen of ${counted(count, 'subject')} no alarm is on record; they began before alarms were recorded.`,
      good: `Every stretch unseen of more than ${ALARM_SECONDS} s was alarmed in time (${long.length}).`,
    },
  });
};

const guardRails: Check = (facts) => {
  const id = 'EXP-8/guard-rails';
  const touched = unaccepted(facts).filter(({ protection }) => protection === 'guardrail');
  const known = facts.endpoints.filter(({ posture }) => posture.declared.guardrail.level === 'on');
  if (touched.length === 0 && known.length === 0)
    return checkOf(id, 'not-determined', 'No guard rail (trail, role, account switch) is known to stand.');
  return judged(id, {
    against: touched.map((incident) => incident.id),
    unknown: [],
    says: {
      against: (count) => `${counted(count, 'window')} in which a guard rail was down.`,
      unknown: () => '',
      good: `No guard rail went down; ${known.length} are known to stand.`,
    },
  });
};

const NOT_ON_RECORD = 'not on record';

const approved: Check = ({ exceptions }) =>
  judged('EXP-9/approved', {
    against: exceptions
      .filter(({ approvedBy, owner, author }) => !approvedBy.some((who) => who !== owner && who !== author))
      .map(({ id }) => id),
    unknown: [],
    says: {
      against: (count) => `${counted(count, 'exception')} approved by nobody but its owner or author.`,
      unknown: () => '',
      good: `All ${counted(exceptions.length, 'exception')} approved by somebody else than owner and author.`,
    },
  });

const bounded: Check = ({ exceptions }) =>
  judged('EXP-9/bounded', {
    against: exceptions.filter(({ flags }) => flags.includes('over-broad')).map(({ id }) => id),
    unknown: exceptions.filter(({ scope }) => scope === NOT_ON_RECORD).map(({ id }) => id),
    says: {
      against: (count) => `${counted(count, 'exception')} covering more than anybody can have looked at.`,
      unknown: (count) => `Of ${counted(count, 'exception')} the scope is not on record.`,
      good: `${counted(exceptions.length, 'exception')}, bounded in scope and time.`,
    },
  });

const reviewed: Check = ({ exceptions, changes }) => {
  const unread = changes.filter(({ kind, text }) => kind === 'run' && text.includes('allowlist '));
  return judged('EXP-9/reviewed', {
    against: exceptions
      .filter(({ flags }) => flags.includes('expired') || flags.includes('unused'))
      .map(({ id }) => id),
    unknown: unread.map(({ subject }) => subject),
    says: {
      against: (count) => `${counted(count, 'exception')} expired or unused, and still in the list.`,
      unknown: (count) =>
        `The list was another one before ${counted(count, 'pass', 'passes')}; what it held is not on record.`,
      good: `None of ${counted(exceptions.length, 'exception')} is expired or unused.`,
    },
  });
};

const told: Check = (facts) => {
  const id = 'EXP-10/told';
  const { incidents, drill, toldOf, lastReceiptOf } = facts;
  if (incidents.length === 0) {
    const isShown = drill !== undefined && drill.totals.alerted === drill.totals.due;
    return isShown
      ? checkOf(id, 'satisfied', `There was no incident; the drill's ${drill.totals.due} openings were told.`)
      : checkOf(id, 'not-determined', 'There was no incident, and no drill shows that one would have been told.');
  }
  const untold = incidents.filter((incident) => toldOf(incident.id)?.receiptAt === undefined);
  // An early ledger names only the first incident of a message that told of several.
  const isMaybe = ({ endpointId, detectedAt }: ReportIncident): boolean =>
    (lastReceiptOf(endpointId) ?? '') >= detectedAt;
  return judged(id, {
    against: untold.filter((incident) => !isMaybe(incident)).map((incident) => incident.id),
    unknown: untold.filter(isMaybe).map((incident) => incident.id),
    says: {
      against: (count) => `${count} of ${counted(incidents.length, 'incident')} told to nobody, as far as receipts go.`,
      unknown: (count) => `Of ${counted(count, 'incident')} no receipt names it, though one of its endpoint followed.`,
      good: `All ${counted(incidents.length, 'incident')} were told: a sink confirmed each.`,
    },
  });
};

function isGrave({ severity, status }: ReportIncident): boolean {
  return (severity === 'critical' || severity === 'high') && status !== 'accepted';
}

const acknowledged: Check = ({ incidents, toldOf }) => {
  const grave = incidents.filter(isGrave);
  if (grave.length === 0)
    return checkOf('EXP-10/acknowledged', 'satisfied', 'There was no critical or high incident to acknowledge.');
  return judged('EXP-10/acknowledged', {
    against: grave
      .filter(({ id, handling }) => toldOf(id)?.ackedAt === undefined && handling?.acked === undefined)
      .map(({ id }) => id),
    unknown: [],
    says: {
      against: (count) => `${count} of ${counted(grave.length, 'critical or high incident')} acknowledged by nobody.`,
      unknown: () => '',
      good: `All ${counted(grave.length, 'critical or high incident')} were acknowledged.`,
    },
  });
};

const closed: Check = (facts: Facts) =>
  judged('EXP-10/closed', {
    against: facts.incidents.filter((each) => isGrave(each) && each.status === 'open').map(({ id }) => id),
    unknown: [],
    says: {
      against: (count) => `${counted(count, 'critical or high incident')} open at the end of the period.`,
      unknown: () => '',
      good: 'No critical or high incident is open at the end of the period.',
    },
  });

const chained: Check = ({ ledger, brokenAt }) => {
  const id = 'EXP-11/chain';
  if (ledger.entries === 0) return checkOf(id, 'not-determined', 'The ledger is empty.');
  if (brokenAt !== undefined)
    return checkOf(id, 'not-satisfied', `The ledger entry ${brokenAt} does not follow the one before it.`, [
      String(brokenAt),
    ]);
  return checkOf(id, 'satisfied', `Each of ${ledger.entries} ledger entries follows the one before it.`);
};

/** A chain alone does not show that its end is missing, or that whoever holds the key wrote it anew. */
const checkpointed: Check = ({ sealed: { state, text } }) => {
  const id = 'EXP-11/checkpoints';
  switch (state) {
    case 'verified':
      return checkOf(id, 'satisfied', text);
    case 'broken':
      return checkOf(id, 'not-satisfied', text);
    case 'incomplete':
      return checkOf(id, 'not-determined', text);
    case 'not-read':
      return checkOf(id, 'not-determined', `${text} Run ajar verify on the sealed ledger.`);
  }
};

export const RUNNING_CHECKS: readonly Check[] = [
  detectedInTime,
  drilled('EXP-7/drill'),
  watched('EXP-7/watched'),
  coverage,
  alarmed,
  drilled('EXP-8/drill'),
  guardRails,
  approved,
  bounded,
  reviewed,
  told,
  acknowledged,
  closed,
  chained,
  checkpointed,
];
