/** What stands before a server or in its place, read from a reply that bears no mark of the product. */
import { describe, expect, it } from 'vitest';
import { demandsCertificate, isCatchAll, locationHost, readFront, wholeText } from '../../lib/wire/http-front.ts';
import { page } from '../support/recorded-site.ts';

describe('a front', () => {
  it.each([
    ['AWS WAF, in whatever status', page('', 202, { 'x-amzn-waf-action': 'challenge' }), 'waf', 'waf:aws'],
    ['Cloudflare, by its own word', page('', 200, { 'cf-mitigated': 'challenge' }), 'waf', 'waf:cloudflare'],
    ...[403, 405, 406, 429, 503].map(
      (status) =>
        [`Cloudflare, refusing by ${status}`, page('', status, { 'cf-ray': 'x' }), 'waf', 'waf:cloudflare'] as const,
    ),
    [
      'Cloudflare that lets us through',
      page('', 200, { 'cf-ray': 'x' }),
      'generic-http',
      'status 200 with no JSON object',
    ],
    ['no wall', page('', 403), 'generic-http', 'status 403 with no JSON object'],
    ['a redirect', page('', 300, { location: 'https://login.example/x?y' }), 'redirect', 'redirects to login.example'],
    ['a redirect to itself', page('', 399, { location: '/login' }), 'redirect', 'redirects to a path of its own'],
    ['a redirect to nowhere', page('', 302), 'redirect', 'redirects to a path of its own'],
    [
      'no redirect yet',
      page('', 299, { location: 'https://a.example' }),
      'generic-http',
      'status 299 with no JSON object',
    ],
    [
      'nor any more',
      page('', 400, { location: 'https://a.example' }),
      'generic-http',
      'status 400 with no JSON object',
    ],
    [
      'a challenge',
      page('', 401, { 'www-authenticate': 'Basic realm="x"' }),
      'proxy-auth',
      'challenge: Basic realm="x"',
    ],
    ['a challenge without words', page('', 407), 'proxy-auth', 'challenge: '],
    ['JSON of somebody', page({ a: 1 }, 200), 'generic-http', 'status 200 with JSON of something else'],
    ['a list of JSON', page([1], 500), 'generic-http', 'status 500 with no JSON object'],
  ] as const)('%s', (_name, reply, row, note) => {
    expect(readFront(reply)).toEqual({ row, notes: [note] });
  });

  it('that sends a long or an unprintable challenge is quoted short and printable', () => {
    const { notes } = readFront(page('', 401, { 'www-authenticate': `\u001B[2J${'x'.repeat(500)}` }));
    expect(notes[0]?.length).toBeLessThanOrEqual(`challenge: `.length + 101);
    expect(notes[0]).not.toContain('\u001B');
  });

  it('that redirects to what is no address redirects to nothing of anybody', () => {
    for (const location of ['http://[', 'https://same-host.invalid/x', '//same-host.invalid'])
      expect(locationHost({ location })).toBe('a path of its own');
    expect(locationHost({ location: '//other.example:8443/a' })).toBe('other.example:8443');
    expect(locationHost({ location: `http://${'a'.repeat(63)}.${'b'.repeat(63)}.example` }).length).toBeLessThanOrEqual(
      101,
    );
  });
});

it('a certificate is demanded in the words of nginx, in that status alone', () => {
  const words = '<html><title>400 No required SSL certificate was sent</title></html>';
  expect(demandsCertificate(page(words, 400))).toBe(true);
  expect([demandsCertificate(page(words, 200)), demandsCertificate(page('<title>400</title>', 400))]).toEqual([
    false,
    false,
  ]);
});

describe('a path that cannot exist', () => {
  it.each([
    ['in the same shape', page({ b: 1, a: 2 }, 200), page({ a: 'x', b: {} }, 204), true],
    ['with other members', page({ a: 1 }), page({ a: 1, b: 2 }), false],
    // Two members are not one whose name is both.
    ['with a member more in the name', page({ a: 1, b: 1 }), page({ ab: 1 }), false],
    ['in another kind of status', page({ a: 1 }, 404), page({ a: 1 }, 200), false],
    ['with another text', page('one'), page('  two'), true],
    ['with another list', page('[1'), page(' [2]'), true],
    ['with a list for a text', page('[1'), page('1'), false],
    ['with an object that was cut', page('{"a":'), page(' {"b":1'), true],
    ['with an object that was cut for a text', page('{"a":'), page('a'), false],
    ['with an object that was cut for a list', page('{"a":'), page('['), false],
    ['with an object for one that was cut', page({}), page('{"a":'), false],
    ['with an empty object for a text', page({}), page('text'), false],
  ])('answered %s like what is there: %s', (_how, control, positive, isAlike) => {
    expect(isCatchAll(control, positive)).toBe(isAlike);
  });
});

describe('a list that hit the cap', () => {
  const cut = (text: string, truncated = true): string => wholeText({ body: Buffer.from(text), truncated }, '},', ']');

  it('ends after its last whole element', () => {
    expect(cut('[{"a":1},{"a":2},{"a":')).toBe('[{"a":1},{"a":2}]');
  });

  it('is as it came where nothing was cut, or no element is whole', () => {
    expect(cut('[{"a":1},{"a":2}]', false)).toBe('[{"a":1},{"a":2}]');
    expect(cut('[{"a":1')).toBe('[{"a":1');
    expect(cut('},')).toBe('}]');
  });
});
