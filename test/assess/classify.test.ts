import { describe, expect, it } from 'vitest';
import { classifyName } from '../../lib/assess/classify.ts';
import { CONCEPTS, type ConceptName } from '../../lib/assess/dictionary.ts';
import { conceptNames, LANGUAGES, listed, lookUp } from '../../lib/assess/lexicon.ts';

describe('one name', () => {
  it.each([
    ['remote', 'ip', 'network'],
    ['where', 'geo_point', 'location'],
    ['hw', 'macaddr', 'device'],
    ['face_features', 'dense_vector', 'health'],
    ['dob', 'date', 'contact'],
    ['phone', 'bigint', 'contact'],
    ['has_diabetes', 'boolean', 'health'],
  ])('%s of type %s is %s', (name, type, expected) => {
    expect(classifyName(name, { type }).map((hit) => hit.class)).toContain(expected);
  });

  it.each([
    ['email', 'boolean'],
    ['password', 'bit(1)'],
    ['token', 'integer'],
    ['access_token', 'bigint unsigned'],
    ['device_id', 'timestamp with time zone'],
    ['features', 'dense_vector'],
  ])('%s of type %s is nothing', (name, type) => {
    expect(classifyName(name, { type })).toEqual([]);
  });

  it.each([
    ['name', ['customers'], 'contact'],
    ['name', ['prod_users_2019'], 'contact'],
    ['weight', ['patients'], 'health'],
    ['model', ['cameras'], 'device'],
    ['address', ['user'], 'location'],
  ])('%s under %s is %s', (name, parents, expected) => {
    expect(classifyName(name, { parents }).map((hit) => hit.class)).toContain(expected);
    expect(classifyName(name)).toEqual([]);
  });

  it.each([
    ['name', ['user_events']],
    ['address', ['memory']],
    ['weight', ['model_layers', 'users']],
    ['role_name', ['users']],
  ])('%s under %s is nothing', (name, parents) => {
    expect(classifyName(name, { parents })).toEqual([]);
  });

  it('shows the most sensitive class first and our word for it', () => {
    expect(classifyName('alexa_token_email')).toEqual([
      { class: 'credential', because: 'alexa token' },
      { class: 'contact', because: 'email' },
    ]);
  });

  it('reads full-width letters, accents and hidden characters as what they look like', () => {
    const want = classifyName('password');
    expect(classifyName('ｐａｓｓｗｏｒｄ')).toEqual(want);
    expect(classifyName('pass\u200bword')).toEqual(want);
    expect(classifyName('contrase\u006e\u0303a')).toEqual(want);
  });
});

describe('the dictionary', () => {
  it.each(Object.keys(LANGUAGES))('has no word of %s that another row turns into another class', (language) => {
    const words = LANGUAGES[language] ?? {};
    const stolen = conceptNames().flatMap((concept) =>
      listed(words[concept] ?? '').flatMap((phrase) => {
        const read = lookUp(phrase);
        const clashes = read == null || classOf(read.concept) !== classOf(concept);
        return clashes ? [`${phrase}: ${concept}, read as ${read?.concept ?? 'harmless'}`] : [];
      }),
    );
    expect(stolen).toEqual([]);
  });
});

function classOf(concept: ConceptName): string {
  return CONCEPTS[concept].class;
}
