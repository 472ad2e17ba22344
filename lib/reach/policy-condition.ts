/** Conditions: compiled once per policy, then weighed for each caller (aws-services.md section 3.2). */
import { type Addresses, EVERYBODY, intersect, perFamily } from './ipset.ts';
import { type Caller, knowledgeOf, type Owner } from './policy-caller.ts';
import { entriesOf, stringsOf } from './policy-json.ts';
import { type KeyTest, keyTruth } from './policy-key.ts';
import { type Operator, parseOperator } from './policy-operator.ts';
import { foldCase, glob, literal, type Pattern } from './policy-pattern.ts';
import { sourceTruth, type Truth } from './policy-source.ts';
import { valueOf } from './policy-variable.ts';

/** One operator on one key. */
export interface Test extends KeyTest {
  /** In lower case. */
  readonly key: string;
  /** As the policy spells it. */
  readonly shown: string;
  /** Of aws:SourceIp, which is the same for every caller. */
  readonly source?: Truth;
}
/** Undefined where the element is not what AWS accepts. */
export function compileCondition(condition: unknown, owner: Owner): readonly Test[] | undefined {
  const tests: Test[] = [];
  const blocks = entriesOf(condition);
  if (blocks === undefined) return undefined;
  for (const [name, block] of blocks) {
    const keys = entriesOf(block);
    if (keys === undefined) return undefined;
    for (const [key, values] of keys) tests.push(compileTest(parseOperator(name), key, values, owner));
  }
  return tests;
}

function compileTest(operator: Operator, shown: string, listed: unknown, owner: Owner): Test {
  const { strings: texts, unread } = stringsOf(listed);
  const test = { operator, key: shown.toLowerCase(), shown, texts, unread };
  if (test.key === 'aws:sourceip') return { ...test, values: [], source: sourceTruth(operator, texts, unread) };
  return { ...test, values: texts.map((text) => valueOf(text, owner, (piece) => patternOf(operator, piece))) };
}

function patternOf({ kind }: Operator, text: string): Pattern {
  if (kind === 'string-like' || kind === 'arn') return glob(text);
  return kind === 'string-ignoring-case' || kind === 'bool' ? foldCase(literal(text)) : literal(text);
}

export interface Weighed {
  /** Where all tests can be true together. */
  readonly may: Addresses;
  /** Where they always are. */
  readonly must: Addresses;
  /** Keys that could not be decided. */
  readonly undecided: readonly string[];
}

export function weigh(tests: readonly Test[], caller: Caller, owner: Owner): Weighed {
  let weighed: Weighed = { may: EVERYBODY, must: EVERYBODY, undecided: [] };
  for (const test of tests) {
    const { may, must, undecided } = test.source ?? keyTruth(test, knowledgeOf(test.key, caller, owner));
    weighed = {
      may: both(weighed.may, may),
      must: both(weighed.must, must),
      undecided: undecided ? [...weighed.undecided, test.shown] : weighed.undecided,
    };
  }
  return weighed;
}

function both(a: Addresses, b: Addresses): Addresses {
  if (a === EVERYBODY) return b;
  return b === EVERYBODY ? a : perFamily((family) => intersect(a[family], b[family]));
}
