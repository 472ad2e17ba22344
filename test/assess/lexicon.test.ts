/** lib/assess/lexicon.ts: how a name is read with the dictionary: written out, taken apart, and searched for phrases. */
import { describe, expect, it } from 'vitest';
import { conceptNames, LANGUAGES, listed, lookUp, skippable, spansOf, wordsOf } from '../../lib/assess/lexicon.ts';

describe('a list of the dictionary', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    [' , ,', []],
    [' api key ', ['api key']],
    ['a, b c', ['a', 'b c']],
    ['mac/ip address', ['mac address', 'ip address']],
    ['a b/c d/e', ['a b d', 'a b e', 'a c d', 'a c e']],
  ])('%j is %j', (list, phrases) => {
    expect(listed(list)).toEqual(phrases);
  });

  it('is there for each language', () => {
    const words = {
      en: 'email',
      es: 'correo electronico',
      fr: 'courriel',
      de: 'e mail adresse',
      pt: 'correio eletronico',
    };
    const more = { it: 'posta elettronica', nl: 'e mailadres', pl: 'mejl', tr: 'eposta', ru: 'почта' };
    const asian = { ja: 'メールアドレス', zh: '邮箱', ko: '이메일' };
    const all = { ...words, ...more, ...asian };
    expect(Object.keys(LANGUAGES)).toEqual(Object.keys(all));
    const missing = Object.entries(all).filter(([language, word]) => {
      const ours = listed(LANGUAGES[language]?.email ?? '').concat(listed(LANGUAGES[language]?.['email, short'] ?? ''));
      return lookUp(word)?.says !== 'email' || ours.length === 0;
    });
    expect(missing).toEqual([]);
    expect(conceptNames()).toContain('email, short');
  });
});

describe('what a phrase means by itself', () => {
  it.each([
    ['email', 'email', 'email'],
    ['E-Mail', 'email', 'email'],
    ['pw', 'password, short', 'password'],
    ['API keys', 'api token', 'api token'],
    ['a_p_i_key', 'api token', 'api token'],
    ['acct no', 'bank account', 'bank account'],
    ['account number', 'bank account', 'bank account'],
    ['fecha de nacimiento', 'date of birth', 'date of birth'],
    ['fecha nacimiento', 'date of birth', 'date of birth'],
    ['contraseña', 'password', 'password'],
  ])('%s: %s, shown as %s', (phrase, concept, says) => {
    expect(lookUp(phrase)).toMatchObject({ concept, says });
  });

  it('is that it is harmless, or that nobody knows it', () => {
    expect(lookUp('primary key')).toBeUndefined();
    expect(lookUp('zz')).toBeNull();
    expect(lookUp('')).toBeNull();
  });

  it('has the words that make it something else', () => {
    expect([...(lookUp('pin')?.not ?? [])]).toEqual(['gpio', 'led', 'board']);
    expect([...(lookUp('email')?.not ?? ['?'])]).toEqual([]);
  });
});

describe('the words of a name', () => {
  it.each<[string, readonly string[]]>([
    ['acct_no', ['account', 'number']],
    ['user_name', ['user', 'name']],
    // In the dictionary as they are.
    ['useremail', ['useremail']],
    ['username', ['username']],
    // Taken apart, each part known.
    ['loginpasswd', ['login', 'passwd']],
    ['customeraccountnumber', ['customer', 'accountnumber']],
    ['userphones', ['user', 'phone']],
    ['old_loginpasswd_2', ['old', 'login', 'passwd', '2']],
    // A part that is a shortening or a plural is written out.
    ['mothersacct', ['mother', 'account']],
    ['emailcount', ['email', 'count']],
    ['isemail', ['isemail']],
    ['用户密码', ['用户密码']],
    // Not wholly known.
    ['useremailx', ['useremailx']],
    ['capacity', ['capacity']],
    ['zzzzzz_loginpasswd', ['zzzzzz', 'login', 'passwd']],
    ['', []],
  ])('%s', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});

describe('a word that does not matter inside a phrase', () => {
  it.each([
    ['2', true],
    ['of', true],
    ['の', true],
    ['email', false],
    ['', false],
  ])('%j: %s', (word, expected) => {
    expect(skippable(word)).toBe(expected);
  });
});

describe('the phrases of a name', () => {
  const phrases = (name: string): readonly (readonly [string, string | undefined])[] => {
    const words = wordsOf(name);
    return spansOf(words).map(({ from, to, meaning }) => [words.slice(from, to + 1).join(' '), meaning?.concept]);
  };

  it.each<[string, readonly (readonly [string, string | undefined])[]]>([
    ['', []],
    ['zz_zz', []],
    ['zz_email', [['email', 'email']]],
    [
      'email_email',
      [
        ['email', 'email'],
        ['email', 'email'],
      ],
    ],
    ['user_first_name_last', [['first name', 'personal name']]],
    // The longest first.
    ['user_name', [['user name', 'username']]],
    ['date_of_birth', [['date of birth', 'date of birth']]],
    ['aws_secret_access_key_id', [['aws secret access key', 'cloud key']]],
    ['ssn_last_4', [['ssn last 4', 'social security number']]],
    [
      'last_4_ssn',
      [
        ['last 4', 'card number'],
        ['ssn', 'social security number'],
      ],
    ],
    // Known to be harmless, and what follows.
    [
      'primary_key_email',
      [
        ['primary key', undefined],
        ['email', 'email'],
      ],
    ],
    // Numbers and small words are passed over within, not at the end.
    ['api_2_key', [['api 2 key', 'api token']]],
    ['date_2_of_birth', [['date 2 of birth', 'date of birth']]],
    ['mac_1_address', [['mac 1 address', 'mac address']]],
    ['api_of_key', [['api of key', 'api token']]],
    ['email_2', [['email', 'email']]],
    ['password_of_the_user', [['password', 'password']]],
    ['the_password', [['the password', 'password']]],
    // However its words are separated.
    ['a_p_i_key', [['a p i key', 'api token']]],
    ['pass_word', [['pass word', 'password']]],
    ['e_mail', [['e mail', 'email']]],
    // Too short to be believed when put together.
    ['i_p', []],
    ['p_w_d', []],
    ['p_of_w', []],
    ['ip', [['ip', 'ip address']]],
  ])('%s', (name, expected) => {
    expect(phrases(name)).toEqual(expected);
  });

  it('are looked for in any name at all without running past its end', () => {
    expect(spansOf([])).toEqual([]);
    expect(spansOf(['date', 'of'])).toEqual([]);
    expect(spansOf(Array.from({ length: 24 }, () => 'of'))).toEqual([]);
  });
});
