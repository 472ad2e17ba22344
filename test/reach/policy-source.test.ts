/** Conditions on aws:SourceIp by themselves: where each can be true, where it always is. */
import { describe, expect, it } from 'vitest';
import { type Addresses, complement, EVERYBODY, NOBODY, parseBlocks, perFamily } from '../../lib/reach/ipset.ts';
import { parseOperator } from '../../lib/reach/policy-operator.ts';
import { ALWAYS, sourceTruth } from '../../lib/reach/policy-source.ts';

const only = (...blocks: readonly string[]): Addresses => {
  const { v4, v6 } = parseBlocks(blocks);
  return { v4, v6 };
};
const but = (addresses: Addresses): Addresses => perFamily((family) => complement(addresses[family], family));
const truth = (operator: string, values: readonly string[], unread = false) =>
  sourceTruth(parseOperator(operator), values, unread);
const exactly = (addresses: Addresses) => ({ may: addresses, must: addresses, undecided: false });
const UNDECIDED = { may: EVERYBODY, must: NOBODY, undecided: true };

describe('addresses as addresses', () => {
  it('are exactly the blocks, of both families, or exactly the others', () => {
    const blocks = ['9.0.0.0/8', '2600::/16'];
    expect(truth('IpAddress', blocks)).toEqual(exactly(only(...blocks)));
    expect(truth('NotIpAddress', blocks)).toEqual(exactly(but(only(...blocks))));
    expect(truth('IpAddress', [])).toEqual(exactly(NOBODY));
  });

  it('are for certain those that were understood, and perhaps anybody, where one was not', () => {
    const known = only('9.0.0.0/8');
    const expected = { may: EVERYBODY, must: known, undecided: true };
    expect(truth('IpAddress', ['9.0.0.0/8', 'office'])).toEqual(expected);
    expect(truth('IpAddress', ['9.0.0.0/8'], true)).toEqual(expected);
    expect(truth('NotIpAddress', ['9.0.0.0/8', 'office'])).toEqual({ may: but(known), must: NOBODY, undecided: true });
  });

  it('are perhaps those of a block with a space around it, and not for certain', () => {
    expect(truth('IpAddress', [' 9.0.0.0/8', '8.0.0.0/8'])).toMatchObject({
      may: only('9.0.0.0/8', '8.0.0.0/8'),
      must: only('8.0.0.0/8'),
      undecided: true,
    });
  });
});

describe('whether there is an address', () => {
  it('is known: there always is', () => {
    expect(truth('Null', ['false'])).toEqual(exactly(EVERYBODY));
    expect(truth('Null', ['FALSE', 'true'])).toEqual(exactly(EVERYBODY));
    expect(truth('Null', ['True'])).toEqual(exactly(NOBODY));
    expect(truth('Null', [])).toEqual(exactly(NOBODY));
  });

  it.each([[['falsehood']], [['untrue']], [['false', 'maybe']], [['']]])('is undecided for %j', (values) => {
    expect(truth('Null', values)).toEqual(UNDECIDED);
    expect(truth('Null', ['false'], true)).toEqual(UNDECIDED);
  });
});

describe('addresses as text', () => {
  it.each(['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'])('%s is certain of a whole IPv4 address', (name) => {
    expect(truth(name, ['9.9.9.9'])).toEqual(exactly(only('9.9.9.9')));
    expect(truth(name.replace('String', 'StringNot'), ['9.9.9.9'])).toEqual(exactly(but(only('9.9.9.9'))));
  });

  it('is true of everybody for a star alone, where stars are read', () => {
    expect(truth('StringLike', ['9.9.9.9', '*'])).toBe(ALWAYS);
    expect(truth('StringEquals', ['*'])).toEqual(UNDECIDED);
  });

  it('is never true of a block, which no address is equal to, unless stars are read in it', () => {
    expect(truth('StringEquals', ['9.0.0.0/8'])).toEqual(exactly(NOBODY));
    expect(truth('StringEquals', ['9.0.0.0/8*', '9.9.9.9'])).toEqual(exactly(only('9.9.9.9')));
    expect(truth('StringLike', ['9.0.0.0/8'])).toEqual(exactly(NOBODY));
    expect(truth('StringLike', ['9.0.0.0/8*'])).toEqual(UNDECIDED);
    expect(truth('StringLike', ['9.0.0.?/8'])).toEqual(UNDECIDED);
  });

  it.each(['9.9.9.*', '2600::1', 'office', ''])('is undecided for %j, certain of what stands beside it', (value) => {
    expect(truth('StringLike', [value, '9.9.9.9'])).toEqual({ ...UNDECIDED, must: only('9.9.9.9') });
  });

  it('is undecided where it lists what is no text', () => {
    expect(truth('StringEquals', ['9.9.9.9'], true)).toEqual({ ...UNDECIDED, must: only('9.9.9.9') });
  });
});

describe('any other operator', () => {
  it.each(['ArnLike', 'NumericEquals', 'DateEquals', 'Bool', 'BinaryEquals', 'Nonsense'])('%s is undecided', (name) => {
    expect(truth(name, ['9.9.9.9'])).toEqual(UNDECIDED);
  });
});
