/** What Stryker's report (mutation testing elements, version 2) comes to. Pure. */

interface Place {
  readonly line: number;
  readonly column: number;
}
interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

export interface Score {
  readonly mutants: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly survived: number;
  readonly uncovered: number;
  /** Of what could be judged, how much was noticed; a change that never ends counts as noticed. */
  readonly score: number;
}

export function scoresOf(report: MutationReport): {
  readonly files: ReadonlyMap<string, Score>;
  readonly total: Score;
} {
  const files = Object.entries(report.files)
    .filter(([, { mutants }]) => mutants.length > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    files: new Map(files.map(([path, { mutants }]) => [path, scoreOf(mutants)] as const)),
    total: scoreOf(files.flatMap(([, { mutants }]) => mutants)),
  };
}

function scoreOf(all: readonly Mutant[]): Score {
  const count = (status: string): number => all.filter((mutant) => mutant.status === status).length;
  const [killed, timeouts, survived, uncovered] = [
    count('Killed'),
    count('Timeout'),
    count('Survived'),
    count('NoCoverage'),
  ];
  const mutants = killed + timeouts + survived + uncovered;
  return {
    mutants,
    killed,
    timeouts,
    survived,
    uncovered,
    score: mutants === 0 ? 100 : (100 * (killed + timeouts)) / mutants,
  };
}

/** One line for each change that no test noticed: where it is, and what became what. */
export function survivorsOf({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ location: { start, end }, mutatorName, replacement, status }) => {
        const was = textBetween(source, start, end);
        return `${path}:${start.line}:${start.column} ${status} ${mutatorName}: ${short(was)} -> ${short(replacement ?? '')}`;
      }),
  );
}

function textBetween(source: string, start: Place, end: Place): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join(' ');
}

function short(code: string): string {
  const flat = code.replace(/\s+/gu, ' ');
  return flat.length > 90 ? `${flat.slice(0, 87)}...` : flat;
}

export function tableOf({ files, total }: ReturnType<typeof scoresOf>): string {
  const rows = [...files, ['all', total] as const].map(([path, s]) => [
    path,
    ...[s.mutants, s.killed, s.survived, s.uncovered, s.timeouts].map(String),
    s.score.toFixed(1),
  ]);
  const head = ['file', 'mutants', 'killed', 'survived', 'no coverage', 'time-outs', 'score'];
  return [head, ...rows]
    .map(
      (cells) =>
        `| ${cells[0]?.padEnd(32)} | ${cells
          .slice(1)
          .map((cell, at) => cell.padStart(head[at + 1]?.length ?? 0))
          .join(' | ')} |`,
    )
    .join('\n');
}
