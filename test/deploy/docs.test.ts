/** docs/deploy.md names what is there: parameters, outputs, alarms, roles, files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ofType, packagedTemplate, ROOT, type Template, VANTAGE_ARGS } from './packaged.ts';

const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const services = ['serverless.yml', 'serverless.vantage.yml', 'deploy/vantage.yml'].map((file) =>
  readFileSync(join(ROOT, file), 'utf8'),
);
const all = (pattern: RegExp): readonly string[] => [...page.matchAll(pattern)].map(([, name]) => name ?? '');

let hub: Template;
let vantage: Template;
beforeAll(async () => {
  hub = await packagedTemplate();
  vantage = await packagedTemplate(VANTAGE_ARGS);
}, 120_000);

describe('docs/deploy.md', () => {
  it('gives parameters that the services have', () => {
    const named = [...all(/--param (\w+)=/g), ...all(/^\| `(\w+)`(?:,| \|)/gm)].filter((name) => name !== 'name');
    const known = services.join('\n');
    expect(named.filter((name) => !new RegExp(`\\$\\{param:${name}\\}|^    ${name}: `, 'm').test(known))).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });

  it('passes on outputs that the stacks have', () => {
    const outputs = [...Object.keys(hub.Outputs), ...Object.keys(vantage.Outputs)].map((name) => name.toLowerCase());
    const passed = all(/"\$\{?([A-Z_]+)/g).map((name) => name.replaceAll('_', '').toLowerCase());
    expect(passed.filter((name) => !outputs.includes(name))).toEqual([]);
    expect(passed.length).toBeGreaterThan(7);
  });

  it('explains every alarm', () => {
    const section = page.split('## When an alarm comes')[1] ?? '';
    const explained = [...section.matchAll(/`(?:…-)?([a-z-]+?)(?:-…)?`/g)].map(([, part]) => part ?? '');
    const names = ofType(hub, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties['AlarmName']));
    expect(
      names.filter(
        (name) =>
          !explained.some((part) =>
            part.includes('-')
              ? name.includes(part)
              : name.endsWith(`-${part}`) || name.startsWith(`ajar-prod-${part}-`),
          ),
      ),
    ).toEqual([]);
  });

  it('names files that are there', () => {
    const files = all(/`((?:deploy|test)\/[\w./-]+|serverless[\w.]*\.yml)`/g);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(files.length).toBeGreaterThan(4);
  });
});
