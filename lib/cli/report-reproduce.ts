import { printable, spelledJson } from '../model/text.ts';
import type { Reproduced, ReproducedFile } from '../runtime/reproduce.ts';
import { writeFiles } from '../runtime/output.ts';
import { EXIT } from './exit.ts';
import { placed, placeOf } from './incidents.ts';
import { colour, counted, out } from './terminal.ts';
import { unlessUnseen } from './unseen.ts';

const EXAMPLES = `
MANIFEST is the manifest.json of a report, or its folder; of report.zip, unpack it first. The report is made again from
inputs.ndjson, which lies beside it, and from the ledger entries that the manifest names, and each file is compared by its
SHA-256. How far the record has grown since makes no difference. Every entry is hashed again, and what inputs.ndjson says of
endpoints and incidents is held against the entries. Nothing is written but with --out, and the record is only read.

Exit status: 0 identical, 1 something differs, 2 bad usage or no manifest, 3 it cannot be made again here: the ledger does not
hold the entries, another release of ajar made it, or its font is missing.

Examples:
  $ ajar report reproduce q4/manifest.json --state .ajar
  $ ajar report reproduce q4 --stack ajar-prod --format json
  $ ajar report reproduce q4 --pdf-font NotoSansCJK-Regular.ttc    where its PDF was made with that font
  $ ajar report reproduce q4 --out q4-again                        to look at what differs
`;

export function reproduceCommand() {
  return placed('reproduce')
    .description('makes a report again from its manifest and the ledger, and compares every byte')
    .argument('<manifest>', 'manifest.json of a report, or its folder')
    .option('--pdf-font <file>', 'the font that its PDF was made with')
    .option('--out <dir>', 'also write what was made')
    .addHelpText('after', EXAMPLES)
    .action(async (path, flags) => {
      const { reproduce } = await import('../runtime/reproduce.ts');
      const { readFont } = await import('../runtime/font.ts');
      const font = flags.pdfFont === undefined ? undefined : await readFont(flags.pdfFont);
      const place = await placeOf(flags);
      const again = await unlessUnseen(() => reproduce(path, place, font));
      if (again === undefined) return;
      const { made, ...found } = again;
      if (flags.out !== undefined && made.length > 0) await writeFiles(flags.out, made);
      process.exitCode = { identical: EXIT.clean, differs: EXIT.findings, cannot: EXIT.gaps }[found.result];
      out(flags.format === 'json' ? `${spelledJson(JSON.stringify(found))}\n` : textOf(found));
    });
}

/** Digits of a digest that a line has room for; --format json has all. */
const DIGITS = 16;

function textOf({ manifest, report, ledger, ...found }: Omit<Reproduced, 'made'>): string {
  const { files, broken, brokenCount, notes, why, cure } = found;
  const width = Math.max(4, ...files.map(({ name }) => printable(name, 60).length));
  const { firstSeq, lastSeq } = ledger;
  const lines = [
    `${printable(manifest)}: report ${printable(report)}, ledger entries ${firstSeq} to ${lastSeq}`,
    `  ${'file'.padEnd(width)}  ${'expected'.padEnd(DIGITS)}  made again`,
    ...files.map((file) => `  ${rowOf(file, width)}`),
    ...broken.map(
      (each) =>
        `  ${colour('red', 'broken')}  ${printable(each.where)}${each.seq === undefined ? '' : ` (entry ${each.seq})`}: ${printable(each.why, 300)}`,
    ),
    ...(brokenCount > broken.length ? [`  and ${brokenCount - broken.length} more`] : []),
    ...notes.map((note) => `  ${printable(note, 300)}`),
  ];
  const because = why === undefined ? '' : `: ${printable(why, 400)}`;
  const advice = cure === undefined ? '' : `\najar: ${printable(cure, 300)}`;
  return `${lines.join('\n')}\n${wordOf(found)}${because}${advice}\n`;
}

function rowOf(file: ReproducedFile, width: number): string {
  const digits = (digest: string | undefined): string => (digest ?? '-').slice(0, DIGITS).padEnd(DIGITS);
  const { name, expected, got } = file;
  return `${printable(name, 60).padEnd(width)}  ${digits(expected)}  ${digits(got)}  ${verdictOf(file)}`;
}

/** Of what was made again, and of the file that lies here. */
function verdictOf({ expected, got, here }: ReproducedFile): string {
  const changed = `${colour('red', 'different')}: the file here is another`;
  if (got === undefined) return here === 'different' ? `not made; ${changed}` : 'not made';
  if (expected !== got) return colour('red', 'different');
  if (here === 'different') return changed;
  return `${colour('green', 'same')}${here === 'absent' ? ', not here' : ''}`;
}

function wordOf({ result, files }: Pick<Reproduced, 'result' | 'files'>): string {
  if (result === 'cannot') return 'cannot be made again here';
  return result === 'identical' ? `identical: ${counted(files.length, 'file')}` : 'differs';
}
