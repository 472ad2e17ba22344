/** Conditions on keys other than aws:SourceIp: whether what a request holds can fit, and whether it always does. */
import { EVERYBODY, NOBODY } from './ipset.ts';
import type { Knowledge } from './policy-caller.ts';
import { type Operator, truthIfAbsent } from './policy-operator.ts';
import { ANYTHING, arnIncludes, arnOverlaps, foldCase, includes, overlaps, type Pattern } from './policy-pattern.ts';
import type { Truth } from './policy-source.ts';
import type { Value } from './policy-variable.ts';

export interface KeyTest {
  readonly operator: Operator;
  readonly texts: readonly string[];
  /** The texts as patterns, each of the kind the operator compares. */
  readonly values: readonly Value[];
  /** Not all values are text. */
  readonly unread: boolean;
}

interface Answer {
  readonly may: boolean;
  readonly must: boolean;
  readonly undecided?: boolean;
}

export function keyTruth(test: KeyTest, known: Knowledge): Truth {
  const { may, must, undecided = false } = test.operator.kind === 'null' ? isNull(test, known) : answer(test, known);
  return {
    may: may ? EVERYBODY : NOBODY,
    must: must ? EVERYBODY : NOBODY,
    undecided: may && !must && (undecided || known.unknown === true),
  };
}

function answer(test: KeyTest, known: Knowledge): Answer {
  const { operator } = test;
  if (operator.kind === 'unknown') return { may: true, must: false, undecided: true };
  const positive = matches(test, known);
  const present = operator.negated ? { may: !positive.must, must: !positive.may } : positive;
  const absent = truthIfAbsent(operator);
  const [canBePresent, canBeAbsent] = [known.present !== 'never', known.present !== 'always'];
  return {
    may: (canBePresent && present.may) || (canBeAbsent && absent),
    must: (!canBePresent || present.must) && (!canBeAbsent || absent),
    undecided: canBePresent && positive.undecided === true,
  };
}

/** Whether one of the values fits what the key may hold, where it is present. */
function matches({ operator, values, unread }: KeyTest, { shapes }: Knowledge): Answer {
  const inexact = unread || values.some((value) => !value.exact);
  switch (operator.kind) {
    case 'string':
    case 'string-like':
    case 'string-ignoring-case':
    case 'bool':
    case 'arn': {
      const may = unread || values.some((value) => shapes.some((shape) => mayFit(operator, value, shape)));
      const must = shapes.every((shape) => values.some((value) => mustFit(operator, value, shape)));
      return { may, must, undecided: inexact };
    }
    case 'numeric':
    case 'date':
    case 'binary':
    case 'ip':
    case 'null':
    case 'unknown':
      // Only keys that may hold anything are of these types; on any other the operator is out of place.
      return { may: unread || values.length > 0, must: false, undecided: inexact || !shapes.every(isFree) };
  }
}

function isFree(shape: Pattern): boolean {
  return includes(shape, ANYTHING);
}

function mayFit({ kind }: Operator, { pattern, exact }: Value, shape: Pattern): boolean {
  return kind === 'arn' && exact ? arnOverlaps(pattern, shape) : overlaps(pattern, cased(kind, shape));
}

function mustFit({ kind }: Operator, { pattern, exact }: Value, shape: Pattern): boolean {
  return exact && (kind === 'arn' ? arnIncludes(pattern, shape) : includes(pattern, cased(kind, shape)));
}

function cased(kind: Operator['kind'], shape: Pattern): Pattern {
  return kind === 'string-ignoring-case' || kind === 'bool' ? foldCase(shape) : shape;
}

function isNull({ texts, unread }: KeyTest, { present }: Knowledge): Answer {
  const asked = texts.map((text) => text.toLowerCase());
  if (unread || asked.some((text) => text !== 'true' && text !== 'false')) {
    return { may: true, must: false, undecided: true };
  }
  const [canBePresent, canBeAbsent] = [present !== 'never', present !== 'always'];
  const [held, missing] = [asked.includes('false'), asked.includes('true')];
  return {
    may: (canBePresent && held) || (canBeAbsent && missing),
    must: (!canBePresent || held) && (!canBeAbsent || missing),
  };
}
