import { createServer, type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fixture, secure, server, TLS, visit } from '../support/lab.ts';

/** The fixture with other bytes in it. Its signature no longer holds, which nobody who takes any certificate notices. */
function patched(pem: string, change: (der: Buffer) => void): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  change(der);
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
/** The fixture is good for a century, which takes a GeneralizedTime of fifteen characters. */
const notAfter = (der: Buffer): number => der.indexOf(Buffer.from([0x18, 15])) + 2;
const hello = (socket: Socket): void => void socket.write('hi');

describe('a certificate', () => {
  it('may name its hosts in the SAN alone, as many do', async () => {
    const to = await secure(hello, { key: fixture('no-subject-key.pem'), cert: fixture('no-subject.pem') });
    const channel = await visit(to).access.open({ tls: true });
    expect(channel.tls?.certificate).toMatchObject({ subject: '', issuer: '', selfSigned: true });
  });

  it.each([
    ['has run out', '20200101000000Z', '2020-01-01T00:00:00.000Z'],
    ['gives a date that is none', '20991399999999Z', 'not a date: Bad time value'],
  ])('that %s is reported, not judged', async (_, date, shown) => {
    const cert = patched(TLS.cert, (der) => void der.write(date, notAfter(der), 'latin1'));
    const channel = await visit(await secure(hello, { cert })).access.open({ tls: true });
    expect(channel.tls?.certificate?.notAfter).toBe(shown);
  });

  it('with control bytes in its name cannot write to a terminal', async () => {
    const cert = patched(TLS.cert, (der) => {
      for (let at = der.indexOf('es.example'); at !== -1; at = der.indexOf('es.example'))
        der.write('\u001b[2J\u0000\r\n', at);
    });
    const channel = await visit(await secure(hello, { cert })).access.open({ tls: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    expect(channel.tls?.certificate?.subject).not.toMatch(/[\u0000-\u001f]/);
  });

  it.each([
    ['es.example.test', true],
    ['ES.example.test.', true],
    ['other.example.test', false],
    ['127.0.0.1', false],
  ])('is compared with the host asked for: %s', async (host, matchesHost) => {
    const to = await secure(hello);
    const channel = await visit(to, { host }).access.open({ tls: true });
    expect(channel.tls?.certificate?.matchesHost).toBe(matchesHost);
  });

  it('is asked for by name, in the form DNS has it, and never by address', async () => {
    const names: (string | false | null)[] = [];
    const to = await secure((s) => void names.push((s as Socket & { servername?: string | false }).servername ?? null));
    for (const host of ['BÜCHER.example.', '127.0.0.1']) {
      await (await visit(to, { host }).access.open({ tls: true })).close();
    }
    await sleep(20);
    expect(names).toEqual(['xn--bcher-kva.example', false]);
  });
});

describe('a server that wants a certificate from us', () => {
  const demanding = { requestCert: true, rejectUnauthorized: true, ca: [fixture('ca.pem')] };

  it('refuses during the handshake under TLS 1.2', async () => {
    const to = await secure(hello, { ...demanding, maxVersion: 'TLSv1.2' });
    await expect(visit(to).access.open({ tls: true })).rejects.toMatchObject({ stage: 'tls', reason: 'client-cert' });
  });

  it('refuses at the first read under TLS 1.3, by HTTP as well', async () => {
    const to = await secure(hello, { ...demanding, minVersion: 'TLSv1.3' });
    const channel = await visit(to).access.open({ tls: true });
    expect(channel.clientCertRequested).toBe(true);
    await expect(channel.readExactly(1)).rejects.toMatchObject({ reason: 'client-cert' });
    await expect(visit(to).access.request({ scheme: 'https', path: '/' })).rejects.toMatchObject({
      reason: 'client-cert',
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('may only ask: known under %s', async (version) => {
    const only = { minVersion: version, maxVersion: version };
    const asking = await secure(hello, { ...demanding, rejectUnauthorized: false, ...only });
    expect((await visit(asking).access.open({ tls: true })).clientCertRequested).toBe(true);
    const plain = await secure(hello, only);
    expect((await visit(plain).access.open({ tls: true })).clientCertRequested).toBe(false);
  });

  it('is not confused with one that has no cipher for us', async () => {
    const to = await secure(hello, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' });
    await expect(visit(to).access.open({ tls: true })).rejects.toMatchObject({ stage: 'tls', reason: 'tls-refused' });
  });
});

describe('a handshake', () => {
  it.each([
    ['MySQL’s greeting', 'J\u0000\u0000\u0000\n8.0.30\u0000'],
    ['memcached’s error', 'ERROR\r\nERROR\r\n'],
    ['an HTTP error', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['AMQP’s header', 'AMQP\u0000\u0000\t\u0001'],
  ])('that is answered with %s met a plaintext server', async (_, reply) => {
    const to = await server((s) => s.once('data', () => s.end(reply, 'latin1')));
    await expect(visit(to).access.open({ tls: true })).rejects.toMatchObject({ stage: 'tls', reason: 'plaintext' });
  });

  it.each([
    ['closed', (s: Socket) => void s.end(), 'closed'],
    ['reset', (s: Socket) => void s.resetAndDestroy(), 'reset'],
  ])('that is %s says so', async (_, behave, reason) => {
    const to = await server((s) => s.once('data', () => behave(s)));
    await expect(visit(to).access.open({ tls: true })).rejects.toMatchObject({ stage: 'tls', reason });
  });

  it.each([
    ['TLSv1.2', 'P-384'],
    ['TLSv1.3', 'P-521'],
    ['TLSv1.3', 'X448'],
    ['TLSv1.3', 'ffdhe2048'],
    ['TLSv1.3', 'ffdhe3072'],
    ['TLSv1.2', 'secp256k1'],
    ['TLSv1.2', 'brainpoolP256r1'],
    ...(Number.parseFloat(process.versions.openssl) >= 3.5 ? [['TLSv1.3', 'X25519MLKEM768'] as const] : []),
  ] as const)('over %s takes the only group a server has, %s, on the same connection', async (version, group) => {
    const to = await secure(hello, { ecdhCurve: group, minVersion: version, maxVersion: version });
    expect((await visit(to, { maxConnections: 1 }).access.open({ tls: true })).encrypted).toBe(true);
  });

  it('is finished in place, and both sides of it stay one channel', async () => {
    const inner = await secure((s) => s.on('data', (d) => s.write(d.toString().toUpperCase())));
    const to = await server((s) => {
      s.write('S');
      s.once('data', (first) => {
        const relay = connect(inner.port, inner.host);
        relay.write(first);
        s.pipe(relay).pipe(s);
      });
    });
    const channel = await visit(to).access.open();
    await channel.readExactly(1);
    expect(await channel.startTls()).toMatchObject({ version: 'TLSv1.3' });
    await channel.write('ping');
    expect((await channel.readExactly(4)).toString()).toBe('PING');
    expect(channel.bytesRead).toBe(5);
  });

  it('followed in one segment by bytes that are no record ends the channel, not the process', async () => {
    const inner = await secure(() => undefined, { maxVersion: 'TLSv1.2' });
    const spoiler = createServer((s) => {
      const relay = connect(inner.port, inner.host);
      s.on('error', () => undefined).pipe(relay.on('error', () => undefined));
      // ChangeCipherSpec opens the server's last flight.
      relay.on('data', (d: Buffer) =>
        s.write(d.includes(Buffer.from([20, 3, 3, 0, 1, 1])) ? Buffer.concat([d, Buffer.from('nonsense')]) : d),
      );
      s.on('close', () => relay.destroy());
    });
    await new Promise<void>((resolve) => spoiler.listen(0, '127.0.0.1', resolve));
    const to = { host: '127.0.0.1', port: (spoiler.address() as AddressInfo).port };
    const spoiled = visit(to);
    const spoilt = spoiled.access.open({ tls: true }).then((channel) => channel.readExactly(1));
    await expect(spoilt).rejects.toMatchObject({ name: 'PeerError', reason: /plaintext|tls-refused/ });
    await spoiled.close();
    spoiler.close();
  });

  it.each([
    ['the deadline', () => ({ deadlineMs: 60 }), 'timeout'],
    ['the end of the run', () => ({ signal: AbortSignal.timeout(60) }), 'cancelled'],
  ])('ends at %s, whichever way it began', async (_, over, reason) => {
    const to = await server((s) => s.write('S'));
    const channel = await visit(to, over()).access.open();
    await channel.readExactly(1);
    await expect(channel.startTls()).rejects.toMatchObject({ reason });
    const mute = await server(() => undefined);
    await expect(visit(mute, over()).access.open({ tls: true })).rejects.toMatchObject({ reason });
  });
});
