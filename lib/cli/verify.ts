import { Command, Option } from '@commander-js/extra-typings';
import { AjarError } from '../model/errors.ts';
import { printable, spelledJson } from '../model/text.ts';
import type { Finding } from '../model/verified.ts';
import { type Checked, verifyAll } from '../runtime/verify.ts';
import { EXIT } from './exit.ts';
import { collect, formatOption, parseInstant, parseInterval, recordFlags } from './options.ts';
import { colour, counted, out } from './terminal.ts';
import { unlessUnseen } from './unseen.ts';

const EXAMPLES = `
What lies sealed in a folder is checked with the public key alone: each checkpoint against its signature and the one before
it, each object against its checkpoint, each line against the line before it. The first line that is not what it was is named,
and why. A report folder is checked against its manifest; named together with the evidence, the last ledger entry that the
report rests on is looked for there. Nothing is written, and nothing is asked of the network but for s3:// places and --stack.

What the key's owner made anew before anybody had a copy looks like the truth: keep a checkpoint where they cannot write,
and give it with --checkpoint. A record that ends too early may have been cut or may never have been written: --until says
how far it should reach (default: the end of the report, else now).

Exit status: 0 as it was sealed, 1 broken, 2 bad usage, 3 something could not be seen and so is not proven.

Examples:
  $ ajar verify --state .ajar                                  the ledger as it is written, and what was sealed of it
  $ ajar verify evidence --public-key ledger.pub.pem --until 2027-01-01
  $ ajar verify --stack ajar-prod --public-key ledger.pub.pem --max-pause 5m
  $ ajar verify q4 s3://BUCKET/PREFIX --public-key ledger.pub.pem
  $ ajar verify q4 evidence --public-key ledger.pub.pem        a report and the evidence it rests on
  $ ajar verify evidence --public-key ledger.pub.pem --checkpoint kept/10.checkpoint.json --max-pause 5m
`;

export function verifyCommand() {
  return new Command('verify')
    .description('check sealed evidence and reports, offline, with the public key alone')
    .argument(
      '[places...]',
      'folders of evidence (with ledger/ in them) or of reports (with manifest.json), s3://bucket/prefix of evidence',
    )
    .option('--state <dir>', 'also the ledger of this state directory; its evidence and key where none is named')
    .option('--stack <name>', 'the evidence of a deployment, read as its auditor where it has that role')
    .option('--region <name>', 'region of that stack (default: that of this shell)')
    .option('--public-key <file>', 'PEM; may be given several times where the key was changed', collect)
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere; may be given several times', collect)
    .option('--until <day>', 'how far the record should reach', parseInstant)
    .addOption(
      new Option(
        '--max-pause <interval>',
        'a longer time without an entry is a gap: 5m where guard or watch runs',
      ).argParser(parseInterval),
    )
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (places, flags) => {
      if (places.length === 0 && flags.state === undefined && flags.stack === undefined) {
        throw new AjarError('bad-input', 'nothing to verify', {
          cure: 'name a folder, or pass --state DIR or --stack NAME',
        });
      }
      const checked = await unlessUnseen(() =>
        verifyAll({
          places,
          ...(flags.state === undefined ? {} : { state: flags.state }),
          ...recordFlags(flags),
          publicKeys: flags.publicKey ?? [],
          checkpoints: flags.checkpoint ?? [],
          ...(flags.until === undefined ? {} : { until: flags.until }),
          ...(flags.maxPause === undefined ? {} : { maxPauseMs: flags.maxPause }),
        }),
      );
      if (checked === undefined) return;
      const broken = sum(checked.map((c) => c.brokenCount));
      const gaps = sum(checked.map((c) => c.gapCount));
      const result = broken > 0 ? 'broken' : gaps > 0 ? 'not proven' : 'clean';
      process.exitCode = broken > 0 ? EXIT.findings : gaps > 0 ? EXIT.gaps : EXIT.clean;
      if (flags.format === 'json') {
        for (const one of checked) out(`${spelledJson(JSON.stringify(one))}\n`);
        out(`${JSON.stringify({ type: 'summary', result, broken, gaps })}\n`);
      } else {
        for (const one of checked) out(textOf(one));
        out(`${result}${broken > 0 ? `: ${broken}` : ''}${gaps > 0 ? `; ${counted(gaps, 'gap')}` : ''}\n`);
      }
    });
}

const sum = (counts: readonly number[]): number => counts.reduce((all, n) => all + n, 0);

function textOf(checked: Checked): string {
  const strange = 'strange' in checked ? checked.strange : [];
  const lines = [
    headLine(checked),
    ...checked.broken.map((finding) => `  ${colour('red', 'broken')}      ${findingLine(finding)}`),
    ...more(checked.brokenCount - checked.broken.length),
    ...checked.gaps.map((gap) => `  ${colour('yellow', 'not proven')}  ${printable(gap, 300)}`),
    ...more(checked.gapCount - checked.gaps.length),
    ...strange.map((name) => `  no part of it: ${printable(name)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const more = (count: number): readonly string[] => (count > 0 ? [`  and ${count} more`] : []);

function headLine(checked: Checked): string {
  const place = printable(checked.place);
  if (checked.type === 'report') return `${place}: report, ${counted(checked.files, 'file')}`;
  const entries = counted(checked.entries, 'entry', 'entries');
  if (checked.type === 'ledger') return `${place}: ledger, ${entries}, head ${checked.headHash}`;
  const { from, to, lastSeq, newestCheckpoint } = checked;
  if (from === undefined) return `${place}: evidence, no checkpoint that a key of yours signed`;
  const counts = `${counted(checked.hours, 'checkpoint')}, ${counted(checked.objects, 'object')}, ${entries}`;
  return (
    `${place}: evidence from ${from} to ${to ?? from}: ${counts}\n` +
    `  last entry ${lastSeq}, ${checked.headHash}\n  newest checkpoint ${newestCheckpoint}, key ${checked.key}`
  );
}

function findingLine({ where, line, seq, why }: Finding): string {
  const at = [line === undefined ? '' : ` line ${line}`, seq === undefined ? '' : ` (entry ${seq})`].join('');
  return `${printable(where)}${at}: ${printable(why, 300)}`;
}
