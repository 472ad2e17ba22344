/** The assessment log: what was not seen, when nobody looked, and who changed the watch. Nothing of it is a pass. */
import type { Report, Unwatched } from '../../model/report.ts';
import type { Interruption, ReportChange } from '../../model/report-evidence.ts';
import { joined, type Rows, rowsOf } from '../pieces.ts';
import { GAP_WORDS } from '../wording.ts';
import { distinct, NS, partyOf, prose, props, uuidOf } from './names.ts';

type Gap = Report['gaps'][number];
type Once = (uuid: string) => string;

const UNWATCHED_WORDS: Readonly<Record<Unwatched['why'], string>> = {
  before: 'nobody had looked yet',
  between: 'no pass ran',
  after: 'nobody has looked since',
};

export function logEntries({ gaps, coverage, evidence, period }: Report): Rows | undefined {
  const once = distinct();
  return joined(
    rowsOf(coverage.unwatched, (stretch) => unwatched(stretch, once)),
    rowsOf(evidence.watch.interruptions, (each) => interruption(each, period, once)),
    rowsOf(gaps, (gap) => coverageGap(gap, period, once)),
    rowsOf(evidence.changes, (change) => watchChange(change, once)),
  );
}

function kind(value: string): object {
  return { name: 'entry-kind', ns: NS, value };
}

function unwatched({ from, to, why }: Unwatched, once: Once): object {
  return {
    uuid: once(uuidOf('unwatched', from, to, why)),
    title: `Not watched: ${UNWATCHED_WORDS[why]}`,
    ...{ start: from, end: to, props: [kind('not-watched')] },
  };
}

function interruption(each: Interruption, period: Report['period'], once: Once): object {
  const { subject, from, to, seconds, code, cause, alarmedAt, alarmSeconds, ackedAt, ackedBy, catchUp } = each;
  const alarm = { 'alarmed-at': alarmedAt, 'alarmed-after': alarmSeconds };
  const told = { ...alarm, 'acknowledged-at': ackedAt, 'acknowledged-by': ackedBy, 'catch-up': catchUp };
  return {
    uuid: once(uuidOf('interruption', subject, from, code)),
    title: `Interrupted: ${code}`,
    description: prose(cause),
    ...{ start: from, end: to ?? period.to },
    props: [kind('interruption'), ...(props({ subject, code, seconds, ...told }) ?? [])],
    ...(to === undefined ? { remarks: 'It lasted at the end of the period.' } : {}),
  };
}

/** Still there at the end of the period. Where nobody noted when it began, the entry begins with the period it was told in. */
function coverageGap({ stage, subject, code, detail, since }: Gap, period: Report['period'], once: Once): object {
  return {
    uuid: once(uuidOf('gap', stage, subject, code, since ?? '')),
    title: `Coverage gap: ${code}`,
    description: prose(`${GAP_WORDS[code].cause}: ${detail}`),
    ...{ start: since ?? period.from, end: period.to },
    props: [kind('coverage-gap'), ...(props({ stage, subject, code }) ?? [])],
    ...(since === undefined ? { remarks: 'When it began is not on record.' } : {}),
  };
}

function watchChange({ at, seq, kind: what, subject, by, text }: ReportChange, once: Once): object {
  return {
    uuid: once(uuidOf('change', seq, what, subject)),
    title: `Changed: ${what}`,
    description: prose(text),
    ...{ start: at, end: at },
    props: [kind('change'), ...(props({ subject, 'ledger-seq': seq }) ?? [])],
    ...(by === undefined ? {} : { 'logged-by': [{ 'party-uuid': partyOf(by) }] }),
  };
}
