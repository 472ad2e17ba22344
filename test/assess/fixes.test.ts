import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixFor } from '../../lib/assess/fixes.ts';
import { messageOf } from '../../lib/assess/notice.ts';
import { PROBED_ENGINES } from '../../lib/model/endpoint.ts';
import type { NoticeEndpoint } from '../../lib/model/incident.ts';
import { PROTECTIONS, type ProtectionName } from '../../lib/model/protection.ts';
import { slackBody } from '../../lib/sinks/slack.ts';
import { aNotice, anIncident } from '../support/builders.ts';

const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as readonly string[];

const at = (arn: string) => arn.replace('@', 'us-east-1:111122223333');
/** Every kind of resource that has a fix, and what its ARN looks like. */
const RESOURCES: Readonly<Record<string, (name: string) => Pick<NoticeEndpoint, 'arn' | 'name'>>> = {
  domain: (n) => ({ arn: at(`arn:aws:es:@:domain/${n}`), name: n }),
  instance: (n) => ({ arn: at(`arn:aws:rds:@:db:${n}`), name: n }),
  snapshot: (n) => ({ arn: at(`arn:aws:rds:@:snapshot:${n}`), name: n }),
  'cluster snapshot': (n) => ({ arn: at(`arn:aws:rds:@:cluster-snapshot:${n}`), name: n }),
  volume: (n) => ({ arn: `arn:aws:ec2:us-east-1::snapshot/${n}`, name: n }),
  warehouse: (n) => ({ arn: at(`arn:aws:redshift:@:cluster:${n}`), name: n }),
  workgroup: (n) => ({ arn: at('arn:aws:redshift-serverless:@:workgroup/6d1f-11'), name: n }),
  lightsail: (n) => ({ arn: at('arn:aws:lightsail:@:RelationalDatabase/6d1f-11'), name: n }),
  graph: (n) => ({ arn: at(`arn:aws:neptune-graph:@:graph/${n}`), name: n }),
  aurora: (n) => ({ arn: at(`arn:aws:rds:@:cluster:${n}`), name: n }),
  'dms endpoint': (n) => ({ arn: at(`arn:aws:dms:@:endpoint:${n}`), name: n }),
  brokers: (n) => ({ arn: at(`arn:aws:kafka:@:cluster/${n}/6d1f11aa-aaaa-bbbb-cccc-0123456789ab-5`), name: n }),
  search: (n) => ({ arn: at(`arn:aws:cloudsearch:@:domain/${n}`), name: n }),
  cache: (n) => ({ arn: at(`arn:aws:elasticache:@:replicationgroup:${n}`), name: n }),
};
const cases = Object.entries(RESOURCES).flatMap(([what, make]) =>
  PROTECTIONS.map((protection) => [what, protection, make] as const),
);
const fix = (protection: ProtectionName, of: Pick<NoticeEndpoint, 'arn' | 'name'>) =>
  fixFor(protection, { engine: 'opensearch', region: 'us-east-1', ...of });

/** The words as a real shell splits them. No program is run but that shell: `aws` is a function of ours. */
function words(command: string): readonly string[] {
  const script = `aws() { case $* in *describe*) printf CURRENT;; *) printf '%s\\0' aws "$@";; esac; }; ${command}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a fix', () => {
  test('is there for every kind of resource that a command can narrow, and is one command to a real shell', () => {
    const seen = new Set<string>();
    for (const [what, protection, make] of cases) {
      const found = fix(protection, make('device-analytics'));
      if (found === undefined) continue;
      if (!('text' in found)) throw new Error(`${what} ${protection}: ${found.withheld}`);
      seen.add(what);
      const split = words(found.text);
      expect(split[0]).toBe('aws');
      expect(split.filter((word) => /[\s'"]/.test(word) && !/^[{]/.test(word))).toEqual([]);
      // An id stands in those ARNs, and the command has the name.
      const isNamed = split.some((word) => /(^|[/:])device-analytics(\/|$)/.test(word));
      // Of a cluster the instances are asked for first, by its name.
      expect(isNamed || found.text.includes("--db-cluster-identifier 'device-analytics' --query")).toBe(true);
      for (const word of split.filter((each) => each.startsWith('{'))) expect(JSON.parse(word)).toBeTypeOf('object');
      expect(found.text).not.toMatch(/delete|terminate|--force/);
    }
    expect([...seen]).toEqual(Object.keys(RESOURCES));
  });

  test.each(cases.filter(([, protection, make]) => fix(protection, make('x')) !== undefined))(
    'of %s, %s holds no hostile name',
    (_what, protection, make) => {
      const allowed = fix(protection, make('NAME'));
      for (const name of HOSTILE) {
        const found = fix(protection, make(name));
        if (found === undefined || 'withheld' in found) continue;
        // What was let through is a name that any shell reads as it is.
        expect(name).toMatch(/^[A-Za-z0-9._/:-]+$/);
        expect(found.text.length).toBeLessThanOrEqual(390);
        expect(allowed).toHaveProperty('text');
      }
    },
  );

  test('never gives a shell anything but the words it would have had for a plain name', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(...HOSTILE),
      fc.stringMatching(/^[a-z'$`;|&() .-]{1,12}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), anything, anything, ([, protection, make], name, region) => {
        const found = fixFor(protection, { engine: 'opensearch', region, ...make(name) });
        if (found === undefined || 'withheld' in found) return;
        expect(found.text).toMatch(/^[\x20-\x7e]{1,390}$/);
        const plain = fix(protection, make('plain'));
        if (plain === undefined || !('text' in plain)) throw new Error('a plain name has none');
        // Quotes, substitutions and separators are those of the table alone.
        const marks = (text: string): string => text.replace(/[^'"$`;|&()<>\\]/g, '');
        expect(marks(found.text)).toBe(marks(plain.text));
      }),
      { numRuns: 5_000 },
    );
  });

  test('for a server that somebody runs is a line of its own configuration, and names nobody', () => {
    const lines = PROBED_ENGINES.flatMap((engine) =>
      PROTECTIONS.flatMap((protection) => fixFor(protection, { engine, name: "x'; id" }) ?? []),
    );
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect('text' in line ? line.text : '').toMatch(/^(?!.*; id)[\x20-\x7e]{8,390}$/);
  });

  test('is not made up where nothing of one line does it', () => {
    expect(fix('audit-log', { arn: at('arn:aws:rds:@:cluster:x') })).toBeUndefined();
    expect(fixFor('authentication', { engine: 'unheard-of' })).toBeUndefined();
    expect(fixFor('authentication', { engine: 'rabbitmq', arn: at('arn:aws:mq:@:broker:x:b-1') })).toBeUndefined();
  });
});

describe('the line of an alert', () => {
  const endpoint = { ...aNotice().endpoint, region: 'us-east-1' };
  const lineOf = (over: Partial<NoticeEndpoint>, kind: 'opened' | 'closed' = 'opened') =>
    messageOf(kind, anIncident(), [], { ...endpoint, ...over }, 1).lines.filter((line) => line.startsWith('FIX '));

  test('is the fix, said once, or why there is none to copy', () => {
    const arn = (name: string) => ({ arn: at(`arn:aws:rds:@:db:${name}`) });
    expect(lineOf(arn('accounts'))).toEqual([
      "FIX      aws rds modify-db-instance --region us-east-1 --db-instance-identifier 'accounts' --no-publicly-accessible --apply-immediately",
    ]);
    expect(lineOf(arn("a'; id #"))).toEqual([
      'FIX      withheld: its name is not one to give to a shell; see the runbook',
    ]);
    expect(lineOf(arn('accounts'), 'closed')).toEqual([]);
    expect(lineOf({ ...arn('accounts'), drill: true })).toEqual([]);
  });

  test('comes through a chat as it is to be pasted', () => {
    for (const [, protection, make] of cases) {
      const found = fix(protection, make('device-analytics'));
      if (found === undefined || !('text' in found)) continue;
      const lines = ['subject', `FIX      ${found.text}`];
      const { blocks } = JSON.parse(slackBody(aNotice({ subject: 'subject', lines }))) as {
        blocks: { text: { text: string } }[];
      };
      expect(blocks[1]?.text.text).toBe(lines[1]);
    }
  });
});
