/** Conditions on aws:SourceIp as exact sets of addresses. Every request has exactly one source address. */
import { type Addresses, complement, EVERYBODY, NOBODY, parseBlock, parseBlocks, perFamily } from './ipset.ts';
import type { Operator } from './policy-operator.ts';

/** Where a condition can be true, and where it always is. */
export interface Truth {
  readonly may: Addresses;
  readonly must: Addresses;
  readonly undecided: boolean;
}

export const ALWAYS: Truth = { may: EVERYBODY, must: EVERYBODY, undecided: false };
const UNDECIDED: Truth = { may: EVERYBODY, must: NOBODY, undecided: true };

/** `unread`: the condition lists something that is no text. */
export function sourceTruth(operator: Operator, values: readonly string[], unread: boolean): Truth {
  const positive = positiveTruth(operator, values, unread);
  return operator.negated ? not(positive) : positive;
}

function positiveTruth({ kind }: Operator, values: readonly string[], unread: boolean): Truth {
  switch (kind) {
    case 'ip':
      return among(values, unread);
    case 'null':
      if (unread || values.some((value) => !/^(true|false)$/i.test(value))) return UNDECIDED;
      return values.some((value) => value.toLowerCase() === 'false') ? ALWAYS : not(ALWAYS);
    case 'string':
    case 'string-ignoring-case':
    case 'string-like':
      return spelled(values, unread, kind === 'string-like');
    case 'arn':
    case 'numeric':
    case 'date':
    case 'bool':
    case 'binary':
    case 'unknown':
      return UNDECIDED;
  }
}

function among(blocks: readonly string[], unread: boolean): Truth {
  const { v4, v6, unread: strange } = parseBlocks(blocks);
  const set = { v4, v6 };
  // What AWS makes of a space around a block is not written down.
  const plain = blocks.filter((block) => block === block.trim());
  const must = plain.length === blocks.length ? set : parseBlocks(plain);
  const doubtful = strange.length > 0 || unread;
  return { may: doubtful ? EVERYBODY : set, must, undecided: doubtful || must !== set };
}

/** An address compared as text: one whole address or `*` is certain, part of one is not worth being certain about. */
function spelled(values: readonly string[], unread: boolean, wildcards: boolean): Truth {
  if (wildcards && values.includes('*')) return ALWAYS;
  // A block is never equal to an address, and only IPv4 has just one spelling.
  const addresses = values.filter((value) => !value.includes('/') && parseBlock(value)?.family === 'v4');
  const others = values.filter((value) => !addresses.includes(value));
  const { may, must, undecided } = among(addresses, unread);
  const never = others.every((value) => value.includes('/') && !(wildcards && /[*?]/.test(value)));
  return never ? { may, must, undecided } : { ...UNDECIDED, must };
}

function not({ may, must, undecided }: Truth): Truth {
  return {
    may: perFamily((family) => complement(must[family], family)),
    must: perFamily((family) => complement(may[family], family)),
    undecided,
  };
}
