/** What is wrong with ajar itself, and what is told of it (evidence-and-alerts.md section 3.5). */

/** Texts are printable and bounded. */
export interface Problem {
  /** The same thing again has the same key. */
  readonly key: string;
  /** `critical`: an exposure may go unseen or untold. */
  readonly severity: 'critical' | 'warning';
  /** One line of at most 99 characters. */
  readonly subject: string;
  readonly detail: string;
  /** What it is about, where that may grow while it lasts: who is new among these is told. At most `MAX_AFFECTED`. */
  readonly affected?: readonly string[];
  /** How many there are beyond those. */
  readonly more?: number;
  /** Who did it, where it is somebody's act. */
  readonly by?: string;
  /** It happened and is over: told once, and it does not end. */
  readonly once?: true;
  /** While it lasts it is said again once a day, and not every hour: what it says of one endpoint may be so for good. */
  readonly daily?: true;
  /** Nobody is known to listen to this topic while it lasts. */
  readonly deafens?: HealthAudience;
}
export const MAX_AFFECTED = 500;

export type HealthAudience = 'health' | 'page';

/** A problem that was told. */
export interface Told extends Problem {
  readonly since: string;
}

/** One message. What has begun comes before what lasts, and the worst before the others. */
export interface HealthNews {
  readonly at: string;
  /** New, grown or worse. */
  readonly began: readonly Told[];
  /** Said again, since it lasts. */
  readonly lasting: readonly Told[];
  readonly ended: readonly Told[];
  /** Problems that last now, told or not in this message. */
  readonly open: number;
  /** Topics to which nobody is known to listen. */
  readonly deaf: readonly HealthAudience[];
}
