import { CommanderError } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { awsOptions, inventoryOptions, parseInterval, probingOptions } from '../../lib/cli/options.ts';
import { watchCommand } from '../../lib/cli/watch.ts';

const parse = (...argv: string[]) =>
  probingOptions('probe')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse(argv, { from: 'user' })
    .opts();

describe('--vantage', () => {
  it.each(['eu-west-1', 'Laptop.local', 'a', 'x'.repeat(64)])('takes %s', (name) => {
    expect(parse('--vantage', name).vantage).toBe(name);
  });

  it.each(['', ' ', '-x', 'a b', 'a\nb', '\u202ea', '<script>', 'x'.repeat(65), 'a/b'])(
    'refuses %j and says what it may be',
    (name) => {
      expect(() => parse(`--vantage=${name}`)).toThrow(CommanderError);
      expect(() => parse(`--vantage=${name}`)).toThrow(/1 to 64 letters, digits/);
    },
  );
});

describe('--every', () => {
  it('is said as it is typed', () => {
    expect(watchCommand().helpInformation()).toContain('(default: 60s)');
    expect(watchCommand().helpInformation()).not.toContain('60000');
  });

  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseInterval(text)).toBe(ms);
  });

  it.each(['', '60', '1d', '-1s', '499ms', '25h', '1.5s', '9999999s'])('is not %j', (text) => {
    expect(() => parseInterval(text)).toThrow();
  });
});

it('takes lists with commas, and nothing empty in them', () => {
  const argv = ['--aws', '--regions', 'eu-west-1, ,us-east-1,'];
  expect(awsOptions(inventoryOptions('plan')).parse(argv, { from: 'user' }).opts().regions).toEqual([
    'eu-west-1',
    'us-east-1',
  ]);
});
