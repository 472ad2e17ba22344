/** Answers to `srvr`; whole visits are in test/probes/zookeeper.test.ts. */
import { describe, expect, it } from 'vitest';
import { isAnswerStart, readSrvr, type Srvr } from '../../lib/wire/zookeeper.ts';

const WHOLE = [
  'Zookeeper version: 3.8.0-1, built on 2022-02-25 08:49 UTC',
  'Latency min/avg/max: 0/0.0/0',
  'Received: 4',
  'Mode: standalone',
  'Node count: 5',
  '',
].join('\n');
const seen: Srvr = { row: 'srvr', markers: 2, version: '3.8.0', mode: 'standalone', nodes: 5 };
const read = (text: string): Srvr | undefined => readSrvr(Buffer.from(text));

describe('srvr', () => {
  it.each<[string, string, Srvr]>([
    ['whole', WHOLE, seen],
    ['of a follower', WHOLE.replace('standalone', 'read-only'), { ...seen, mode: 'read-only' }],
    [
      'with the most nodes that are read',
      WHOLE.replace('5\n', `${'9'.repeat(15)}\n`),
      { ...seen, nodes: 999_999_999_999_999 },
    ],
    ['of a long version', WHOLE.replace('3.8.0-1', `3.${'8'.repeat(40)}`), { ...seen, version: `3.${'8'.repeat(29)}` }],
  ])('%s', (_name, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['Mode: standalone!', 'mode: standalone', 'My Mode: standalone', `Mode: ${'m'.repeat(31)}`, 'Mode:'])(
    'with "%s" has one mark',
    (line) => {
      const { mode, ...rest } = seen;
      expect(read(WHOLE.replace(`Mode: ${mode}`, line))).toEqual({ ...rest, markers: 1 });
    },
  );

  it.each([
    'Node count: many',
    'Node count: 5 or so',
    'A Node count: 5',
    `Node count: ${'9'.repeat(16)}`,
    'Node count: ',
  ])('with "%s" has no count', (line) => {
    const { nodes, ...rest } = seen;
    expect(read(WHOLE.replace(`Node count: ${nodes}`, line))).toEqual(rest);
  });

  it.each([
    ['srvr is not executed because it is not in the whitelist.\n', 'not-allowed'],
    ['This ZooKeeper instance is not currently serving requests\n', 'not-serving'],
  ] as const)('%j has two marks', (text, row) => {
    expect(read(text)).toEqual({ row, markers: 2 });
    expect(read(`so ${text}`)).toBeUndefined();
    expect(read(text.slice(0, -5))).toBeUndefined();
  });

  it.each(['', 'Zookeeper version: ', 'Zookeeper version: x', ` ${WHOLE}`, 'zookeeper version: 3.8', 'HTTP/1.1 400\n'])(
    '%j is none of it',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );
});

describe('the start of an answer', () => {
  it.each(['', 'Z', 'Zookeeper version: 3.8', 'srvr is not', 'srvr is not executed because', 'This ZooKeeper inst'])(
    '%j may be one',
    (text) => {
      expect(isAnswerStart(Buffer.from(text))).toBe(true);
    },
  );
  it.each(['H', 'zoo', 'srvr was', 'That', ' Zookeeper', '\x15\x03'])('%j is none', (text) => {
    expect(isAnswerStart(Buffer.from(text))).toBe(false);
  });
});
