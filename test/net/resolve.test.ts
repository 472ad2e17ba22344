import { describe, expect, it } from 'vitest';
import { type NameResolver, resolveHost } from '../../lib/net/resolve.ts';

const POLICY = { allowPrivate: false, only: [] };
const fails = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(code), { code });
};
const resolver = (v4: NameResolver['resolve4'], v6: NameResolver['resolve6'] = fails('ENODATA')): NameResolver => ({
  resolve4: v4,
  resolve6: v6,
});
const resolve = (answers: NameResolver, host = 'db.example.com') =>
  resolveHost(host, { policy: POLICY, port: 5432, resolver: answers });

describe('resolving a host', () => {
  it('asks once and pins what passed: a later, private answer is never seen', async () => {
    let asked = 0;
    const rebinding = resolver(async () => (asked++ === 0 ? ['8.8.8.8'] : ['127.0.0.1']));
    expect(await resolve(rebinding)).toMatchObject({
      dns: 'public',
      allowed: [{ address: '8.8.8.8', family: 4 }],
      denied: [],
    });
    expect(asked).toBe(1);
  });

  it('checks every answer, and keeps only those that pass', async () => {
    const mixed = resolver(
      async () => ['8.8.8.8', '10.0.0.1'],
      async () => ['2600:1f18::1', '::1'],
    );
    const found = await resolve(mixed);
    expect(found.dns).toBe('mixed');
    expect(found.allowed.map((a) => a.address)).toEqual(['8.8.8.8', '2600:1f18::1']);
    expect(found.denied.map((d) => d.address)).toEqual(['10.0.0.1', '::1']);
  });

  it('tells private-only from public', async () => {
    expect(await resolve(resolver(async () => ['10.0.0.1']))).toMatchObject({ dns: 'private-only', allowed: [] });
  });

  it('tells a name that does not exist from a resolver that does not answer', async () => {
    expect((await resolve(resolver(fails('ENOTFOUND'), fails('ENOTFOUND')))).dns).toBe('none');
    expect((await resolve(resolver(fails('ESERVFAIL'), fails('ENODATA')))).dns).toBe('failed');
    expect((await resolve(resolver(fails('ETIMEOUT'), fails('ETIMEOUT')))).dns).toBe('failed');
  });

  it('caps a flood of answers', async () => {
    const flood = resolver(async () => Array.from({ length: 1_000 }, (_, i) => `8.8.${i >> 8}.${i & 255}`));
    expect((await resolve(flood)).allowed).toHaveLength(10);
  });

  it('refuses answers that are no addresses', async () => {
    expect((await resolve(resolver(async () => ['0x7f.1', 'x', '']))).allowed).toEqual([]);
  });

  it.each(['metadata.google.internal', '2130706433', '127.1'])('never asks DNS for %s', async (host) => {
    const never = resolver(fails('EXPLODE'), fails('EXPLODE'));
    expect(await resolve(never, host)).toMatchObject({ allowed: [], denied: [expect.anything()] });
  });

  it('knows localhost without a resolver of ours', async () => {
    const found = await resolveHost('localhost', { policy: { allowPrivate: true, only: [] }, port: 80 });
    expect(found.allowed.map((a) => a.address)).toContain('127.0.0.1');
  });

  it('calls private answers private, also where the run may connect to them', async () => {
    const found = await resolveHost('db.example.com', {
      policy: { allowPrivate: true, only: [] },
      port: 5432,
      resolver: resolver(async () => ['10.0.0.1']),
    });
    expect(found).toMatchObject({ dns: 'private-only', allowed: [{ address: '10.0.0.1' }], denied: [] });
  });

  it('calls no answer public that the internet cannot route to', async () => {
    const reserved = resolver(async () => ['169.254.169.254', '0.0.0.0']);
    expect(await resolve(reserved)).toMatchObject({ dns: 'private-only', allowed: [] });
  });

  it('keeps a public address outside of `only` from being called private', async () => {
    const found = await resolveHost('db.example.com', {
      policy: { allowPrivate: false, only: ['54.0.0.0/8', '2600:1f18::/32'] },
      port: 5432,
      resolver: resolver(
        async () => ['8.8.8.8', '54.1.2.3'],
        async () => ['2600:1f18::1', '2a05::1'],
      ),
    });
    expect(found.dns).toBe('public');
    expect(found.allowed.map((a) => a.address)).toEqual(['54.1.2.3', '2600:1f18::1']);
  });

  it('says which answers it did not get or did not take', async () => {
    const half = await resolve(resolver(async () => ['8.8.8.8'], fails('ESERVFAIL')));
    expect(half).toMatchObject({ dns: 'public', detail: expect.stringContaining('AAAA') });
    const flood = resolver(async () => Array.from({ length: 12 }, (_, i) => `8.8.8.${i}`));
    expect((await resolve(flood)).detail).toMatch(/12 addresses, the first 10/);
  });

  it('asks about the same address once', async () => {
    expect((await resolve(resolver(async () => ['8.8.8.8', '8.8.8.8']))).allowed).toHaveLength(1);
  });

  it('waits for a mute resolver no longer than its budget, nor longer than the run', async () => {
    const mute = resolver(
      () => new Promise(() => undefined),
      () => new Promise(() => undefined),
    );
    const asked = { policy: POLICY, port: 5432, resolver: mute };
    expect(await resolveHost('db.example.com', { ...asked, timeoutMs: 50 })).toMatchObject({
      dns: 'failed',
      allowed: [],
    });
    expect(await resolveHost('db.example.com', { ...asked, signal: AbortSignal.timeout(50) })).toMatchObject({
      dns: 'failed',
      allowed: [],
    });
  });
});
