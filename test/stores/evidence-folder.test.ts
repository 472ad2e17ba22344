import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evidenceFolder } from '../../lib/stores/evidence-folder.ts';
import { localSigner, publicKeyPath } from '../../lib/stores/ledger-key.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-evidence-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const NAME = 'ledger/2026/12/04/10.ndjson';
const read = async (place: string, name: string): Promise<string> => {
  let text = '';
  for await (const chunk of evidenceFolder(place).read(name)) text += Buffer.from(chunk).toString();
  return text;
};

describe('evidence in a folder', () => {
  it('is put once, read-only, whole, and never over another', async () => {
    const place = join(root, 'once');
    const evidence = evidenceFolder(place);
    expect(await evidence.put(NAME, 'application/x-ndjson', Buffer.from('a\n'))).toBe('put');
    expect(await evidence.put(NAME, 'application/x-ndjson', Buffer.from('b\n'))).toBe('there');
    expect(await read(place, NAME)).toBe('a\n');
    expect(statSync(join(place, NAME)).mode & 0o777).toBe(0o444);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(place, 'ledger/2026/12/04'))).toEqual(['10.ndjson']);
  });

  it('gives one of many that put at once its place', async () => {
    const evidence = evidenceFolder(join(root, 'many'));
    const puts = Array.from({ length: 20 }, (_, i) => evidence.put(NAME, '', Buffer.from(`${i}\n`)));
    expect((await Promise.all(puts)).filter((put) => put === 'put')).toHaveLength(1);
  });

  it('lists folders and files in order, and no draft, link or pipe', async () => {
    const place = join(root, 'names');
    mkdirSync(join(place, 'ledger/2026'), { recursive: true });
    for (const name of ['b', 'a', '.draft']) writeFileSync(join(place, 'ledger', name), '');
    symlinkSync('/etc/passwd', join(place, 'ledger/link'));
    const evidence = evidenceFolder(place);
    expect(await evidence.names('ledger/')).toEqual(['2026/', 'a', 'b']);
    expect(await evidence.names('nothing/')).toEqual([]);
  });

  it('says in one line what it cannot write or read', async () => {
    writeFileSync(join(root, 'file'), '');
    const evidence = evidenceFolder(join(root, 'file'));
    await expect(evidence.put(NAME, '', Buffer.from(''))).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(read(root, 'gone')).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('the key of a state directory', () => {
  it('is made once, for its owner alone, with its public half beside it', async () => {
    const state = join(root, 'state');
    const told: string[] = [];
    const first = localSigner(state, (fingerprint) => told.push(fingerprint));
    expect(told).toEqual([first.fingerprint]);
    expect(statSync(join(state, 'keys/ledger.key.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(publicKeyPath(state), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(readFileSync(publicKeyPath(state), 'utf8')).not.toMatch(/PRIVATE/);
    expect(localSigner(state, () => told.push('again')).fingerprint).toBe(first.fingerprint);
    expect(told).toHaveLength(1);
  });

  it('is not made anew where the old one cannot be read', () => {
    const state = join(root, 'spoilt');
    mkdirSync(join(state, 'keys'), { recursive: true });
    writeFileSync(join(state, 'keys/ledger.key.pem'), 'nothing');
    expect(() => localSigner(state, () => undefined)).toThrow(/no private key of the curve P-256/);
    expect(readFileSync(join(state, 'keys/ledger.key.pem'), 'utf8')).toBe('nothing');
  });
});
