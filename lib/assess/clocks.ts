/**
 * Clocks that run from the moment when a human became aware that personal data are affected (evidence-and-alerts.md
 * section 1.4). Which of them apply is for lawyers; ajar starts none by itself and counts all by the strictest reading:
 * from that moment, months by the calendar, business days without holidays.
 */
export interface Clock {
  readonly law: string;
  readonly what: string;
  readonly dueAt: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The next to run out first, from whatever day they run. */
export function clocksOf(aware: string): readonly Clock[] {
  const start = Date.parse(aware);
  const after = (ms: number): string => new Date(start + ms).toISOString();
  return [
    { law: 'DORA', what: 'initial notification, 4 h', dueAt: after(4 * HOUR_MS) },
    { law: 'NIS2', what: 'early warning, 24 h', dueAt: after(DAY_MS) },
    { law: 'GDPR', what: 'notification of the authority, article 33, 72 h', dueAt: after(72 * HOUR_MS) },
    { law: 'NIS2', what: 'incident notification, 72 h', dueAt: after(72 * HOUR_MS) },
    { law: 'DORA', what: 'intermediate report, 72 h', dueAt: after(72 * HOUR_MS) },
    { law: 'SEC', what: 'Form 8-K item 1.05, four business days, where material', dueAt: businessDays(start, 4) },
    { law: 'NIS2', what: 'final report, 1 month', dueAt: nextMonth(start) },
    { law: 'DORA', what: 'final report, 1 month', dueAt: nextMonth(start) },
    { law: 'HIPAA', what: 'notification of individuals, 60 days at the latest', dueAt: after(60 * DAY_MS) },
  ];
}

/** The same day of the next month, or its last one. */
function nextMonth(start: number): string {
  const from = new Date(start);
  const to = new Date(start);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + 1);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), last));
  return to.toISOString();
}

/** Monday to Friday. */
function businessDays(start: number, days: number): string {
  let at = start;
  for (let left = days; left > 0; ) {
    at += DAY_MS;
    const day = new Date(at).getUTCDay();
    if (day !== 0 && day !== 6) left--;
  }
  return new Date(at).toISOString();
}
