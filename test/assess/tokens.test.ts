/** lib/assess/tokens.ts: where a name falls into words, in the spellings of a dozen languages, and what becomes of each word. */
import { describe, expect, it } from 'vitest';
import {
  isNumber,
  isPart,
  MAX_NAME,
  MAX_TOKENS,
  segment,
  shortestCompound,
  tokensOf,
} from '../../lib/assess/tokens.ts';

describe('the words of a name', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['__--..  ', []],
    ['a', ['a']],
    ['A', ['a']],
    ['user_email', ['user', 'email']],
    ['  user  email ', ['user', 'email']],
    ['userEmail', ['user', 'email']],
    ['UserEmail', ['user', 'email']],
    ['USER_EMAIL', ['user', 'email']],
    ['user_EMAIL', ['user', 'email']],
    ['HTTPServerName', ['http', 'server', 'name']],
    ['ABc', ['a', 'bc']],
    ['Ab', ['ab']],
    ['AB', ['ab']],
    ['aB', ['a', 'b']],
    ['ipV4', ['ip', 'v', '4']],
    ['sha256Hash', ['sha', '256', 'hash']],
    ['X1y2', ['x', '1', 'y', '2']],
    ['2fa', ['2', 'fa']],
    ['azAZ09', ['az', 'az', '09']],
    ['zZ', ['z', 'z']],
    ['a@b[c`d{e/f:g', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
  ])('%j', (name, words) => {
    expect(tokensOf(name)).toEqual(words);
  });

  it.each<[string, string, readonly string[]]>([
    ['accents', 'téléphoneÉlève', ['telephone', 'eleve']],
    ['an accent of its own', 'cafe\u0301', ['cafe']],
    ['a capital with an accent', 'ÀÉÿ', ['a', 'ey']],
    ['letters that nothing takes apart', 'Straße_smørrebrød_ŁÓDŹ', ['strasse', 'smorrebrod', 'lodz']],
    ['more of them', 'Đorđe_œuvre_ærø_ısı', ['dorde', 'oeuvre', 'aero', 'isi']],
    ['a Turkish capital', 'İstanbul', ['istanbul']],
    ['full-width letters', 'ＰａｓｓＷｏｒｄ９', ['pass', 'word', '9']],
    ['a ligature', 'ﬁle', ['file']],
    ['a hidden hyphen', 'pass\u00adword', ['password']],
    ['a mark of direction', 'pass\u202eword\u2066', ['password']],
    ['a sign between', 'a×b÷c', ['a', 'b', 'c']],
    ['phonetic letters', 'ɐb', ['ɐb']],
    ['a modifier letter', 'aˈb', ['aˈb']],
    ['Cyrillic', 'Имя_Пользователя', ['имя', 'пользователя']],
    ['Cyrillic beside Latin', 'userИмя', ['user', 'имя']],
    ['Greek', 'όνομα', ['ονομα']],
    ['Han', '用户密码', ['用户密码']],
    ['Han beside Latin and a digit', 'user密码2', ['user', '密码', '2']],
    ['the first and the last of Han', 'a\u3400\u9fff_', ['a', '\u3400\u9fff']],
    ['Kana and Han', 'ユーザー名の', ['ユーザー', '名', 'の']],
    ['Hiragana and Katakana', 'ひらがなカタカナ', ['ひらがな', 'カタカナ']],
    ['half-width Kana', 'ﾊﾟｽ', ['パス']],
    ['Kana whose mark is apart', 'か\u3099き', ['がき']],
    ['Hangul', '사용자이름', ['사용자이름']],
    ['Hangul beside Han', '이름名', ['이름', '名']],
    ['the first of Hangul', 'a가', ['a', '가']],
    ['Hebrew', 'שם_משתמש', ['שם', 'משתמש']],
    ['Thai beside Cyrillic', 'กИ', ['ก', 'и']],
    ['Thai beside Kana', 'กカ', ['ก', 'カ']],
    ['a face', 'a😀b', ['a', '😀', 'b']],
    ['half a face', 'a\ud83d', ['a']],
    ['digits of others, which are no letters', 'a१२', ['a']],
    ['a circled digit', 'a①', ['a', '1']],
  ])('with %s', (_, name, words) => {
    expect(tokensOf(name)).toEqual(words);
  });

  it('end after 256 letters, and sooner where letters take more bytes', () => {
    expect(tokensOf('x'.repeat(MAX_NAME + 9))).toEqual(['x'.repeat(MAX_NAME)]);
    expect(tokensOf('é'.repeat(MAX_NAME))).toEqual(['e'.repeat(112)]);
    expect(tokensOf('密'.repeat(MAX_NAME))).toEqual(['密'.repeat(112)]);
    // Letters that become many: eighteen each.
    expect(tokensOf('\ufdfa'.repeat(99)).join('').length).toBeLessThanOrEqual(112);
  });

  it('are at most twenty-four', () => {
    const letters = Array.from({ length: MAX_TOKENS + 3 }, (_, i) => String.fromCharCode(97 + (i % 26)));
    expect(tokensOf(letters.join('_'))).toEqual(letters.slice(0, MAX_TOKENS));
    expect(tokensOf(letters.slice(0, MAX_TOKENS).join('_'))).toHaveLength(MAX_TOKENS);
  });
});

describe('a word without its plural', () => {
  it.each([
    ['users', 'user'],
    ['USERS', 'user'],
    ['cities', 'city'],
    ['boxes', 'box'],
    ['classes', 'class'],
    ['passes', 'pass'],
    ['class', 'class'],
    ['status', 'status'],
    ['analysis', 'analysis'],
    ['codes', 'code'],
    ['élèves', 'eleve'],
    ['ids', 'ids'],
    ['gas', 'gas'],
    ['keys', 'key'],
    ['s', 's'],
    ['email', 'email'],
    ['series2', 'sery'],
  ])('%s: %s', (word, singular) => {
    expect(tokensOf(word)[0]).toBe(singular);
  });
});

describe('a number', () => {
  it.each([
    ['0', true],
    ['9', true],
    ['2019', true],
    ['/', false],
    [':', false],
    ['a1', false],
    ['', false],
  ])('%j: %s', (token, expected) => {
    expect(isNumber(token)).toBe(expected);
  });
});

describe('an unsplit compound', () => {
  const known = new Set([
    'user',
    'users',
    'email',
    'mail',
    'use',
    'remail',
    'log',
    'in',
    'id',
    'card',
    'number',
    'abc',
  ]);
  it.each<[string, readonly string[] | undefined]>([
    ['useremail', ['user', 'email']],
    ['abclog', ['abc', 'log']],
    ['usersmail', ['users', 'mail']],
    ['cardnumber', ['card', 'number']],
    ['usercardnumber', ['user', 'card', 'number']],
    ['abclogabc', ['abc', 'log', 'abc']],
    ['logabclog', ['log', 'abc', 'log']],
    ['usercardnumberlog', undefined],
    ['capacity', undefined],
    ['useremailx', undefined],
    ['xuseremail', undefined],
    ['userxcard', undefined],
    ['cardxnumber', undefined],
    ['user', undefined],
    ['userid', undefined],
    ['idlog', undefined],
    ['', undefined],
  ])('%s', (token, parts) => {
    expect(segment(token, known)).toEqual(parts);
  });

  it('takes the longest first word where two readings have as few', () => {
    expect(segment('useremail', new Set(['use', 'remail', 'user', 'email']))).toEqual(['user', 'email']);
    expect(segment('abcdefghijkl', new Set(['abc', 'abcd', 'defg', 'efgh', 'hijkl', 'ijkl']))).toEqual([
      'abcd',
      'efgh',
      'ijkl',
    ]);
    expect(segment('abcdefghijk', new Set(['abc', 'def', 'defgh', 'ghijk', 'ijk']))).toEqual(['abc', 'defgh', 'ijk']);
  });

  it('has two letters a word at least in Han, Kana and Hangul, where three say as much as a sentence', () => {
    expect(segment('用户密码', new Set(['用户', '密码']))).toEqual(['用户', '密码']);
    expect(segment('客户手机号码', new Set(['客户', '手机', '号码']))).toEqual(['客户', '手机', '号码']);
    expect(segment('用户名', new Set(['用户', '名']))).toBeUndefined();
    expect(segment('имяид', new Set(['имя', 'ид']))).toBeUndefined();
  });

  it('is nothing that is longer than anybody writes', () => {
    const words = new Set(['a'.repeat(16), 'b'.repeat(16), 'b'.repeat(17)]);
    expect(segment('a'.repeat(16) + 'b'.repeat(16), words)).toHaveLength(2);
    expect(segment('a'.repeat(16) + 'b'.repeat(17), words)).toBeUndefined();
  });

  it.each([
    ['abc', true, 6],
    ['ab', false, 6],
    ['密码', true, 4],
    ['密', false, 4],
    ['\u2fff'.repeat(2), false, 6],
    ['\u3000'.repeat(2), true, 4],
    ['имя', true, 6],
  ])('%s may be part of one: %s; the shortest has %d letters', (word, part, shortest) => {
    expect(isPart(word)).toBe(part);
    expect(shortestCompound(word)).toBe(shortest);
  });
});
