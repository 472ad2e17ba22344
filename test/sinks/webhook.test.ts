import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { Post } from '../../lib/sinks/accepted.ts';
import { webhookSink } from '../../lib/sinks/webhook.ts';
import { anIncident, aNotice } from '../support/builders.ts';

const URL_WITH_TOKEN = 'https://hooks.example.test/T0/s3cr3t-token?key=abc';
const { signal } = new AbortController();

interface Sent {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

function receiver(status: number): { readonly sent: Sent[]; readonly post: Post } {
  const sent: Sent[] = [];
  const post: Post = async (url, body, { headers }) => {
    sent.push({ url, body, headers });
    return { status };
  };
  return { sent, post };
}

async function posted(notice: Notice, secret?: string): Promise<Sent> {
  const { sent, post } = receiver(200);
  const now = (): Date => new Date('2026-12-04T10:00:30.900Z');
  await webhookSink({ url: URL_WITH_TOKEN, post, now, ...(secret === undefined ? {} : { secret }) }).deliver(
    notice,
    signal,
  );
  const [only] = sent;
  if (only === undefined) throw new Error('nothing was posted');
  return only;
}

describe('the webhook sink', () => {
  it('posts the notice as JSON, under its key', async () => {
    const { url, body, headers } = await posted(aNotice());
    expect(url).toBe(URL_WITH_TOKEN);
    expect(headers).toEqual({ 'content-type': 'application/json', 'idempotency-key': aNotice().key });
    expect(JSON.parse(body)).toEqual({ schemaVersion: 1, ...aNotice() });
  });

  it('sends a repeat under the same key and with the same bytes', async () => {
    const [first, again] = [await posted(aNotice()), await posted(aNotice())];
    expect(again).toEqual(first);
  });

  it('signs the second and the exact bytes where there is a secret', async () => {
    const { body, headers } = await posted(aNotice({ subject: 'zürich' }), 'whsec');
    const t = Date.parse('2026-12-04T10:00:30.000Z') / 1_000;
    const expected = createHmac('sha256', 'whsec').update(`${t}.${body}`, 'utf8').digest('hex');
    expect(headers['ajar-signature']).toBe(`t=${t},v1=${expected}`);
  });

  it.each([200, 202, 204, 299])('takes %i as accepted', async (status) => {
    const { post } = receiver(status);
    const { id } = await webhookSink({ url: URL_WITH_TOKEN, post }).deliver(aNotice(), signal);
    expect(id).toContain(String(status));
  });

  it.each([199, 301, 302, 307, 400, 401, 404, 409, 429, 500, 503])('takes %i as refused', async (status) => {
    const { post } = receiver(status);
    await expect(webhookSink({ url: URL_WITH_TOKEN, post }).deliver(aNotice(), signal)).rejects.toMatchObject({
      code: 'sink-refused',
      message: `hooks.example.test answered ${status}`,
    });
  });

  it('rejects when nothing answered, so that the notice stays owed', async () => {
    const post: Post = async () => {
      throw new PeerError('connect', 'refused', 'connection refused');
    };
    await expect(webhookSink({ url: URL_WITH_TOKEN, post }).deliver(aNotice(), signal)).rejects.toMatchObject({
      reason: 'refused',
    });
  });

  it('names itself the same every time, apart from other webhooks, and without what the URL hides', () => {
    const { post } = receiver(200);
    const { id } = webhookSink({ url: URL_WITH_TOKEN, post });
    expect(webhookSink({ url: URL_WITH_TOKEN, post }).id).toBe(id);
    expect(webhookSink({ url: `${URL_WITH_TOKEN}2`, post }).id).not.toBe(id);
    expect(id).not.toMatch(/s3cr3t|abc/);
  });
});

describe('a notice too long for a webhook', () => {
  const LONG = 'ü"\\\u{1f600}'.repeat(20_000);
  const many = Array.from({ length: 2_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  const incident = anIncident({
    data: {
      objects: 1,
      classes: [{ class: 'contact', count: 9, because: many }],
      samples: many,
      truncated: false,
      ransomMarkers: 0,
    },
  });
  const { endpoint } = aNotice();
  it.each<[string, Notice]>([
    ['samples and words', aNotice({ incident })],
    ['companions', aNotice({ also: many.map((id) => anIncident({ id })) })],
    ['addresses', aNotice({ endpoint: { ...endpoint, addresses: [...many, ...many] } })],
    ['evidence', aNotice({ incident: anIncident({ evidence: LONG, reasons: [LONG], allowances: many }) })],
    ['lines', aNotice({ subject: LONG, lines: Array.from({ length: 300 }, () => LONG) })],
    ['names', aNotice({ endpoint: { ...endpoint, id: LONG, host: LONG, name: LONG, arn: LONG } })],
  ])('loses %s, never validity, its key or what it is about', async (_, notice) => {
    const { body } = await posted(notice);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(32 * 1024);
    const payload: unknown = JSON.parse(body);
    expect(payload).toMatchObject({ schemaVersion: 1, truncated: true, key: notice.key, kind: 'opened' });
    expect(payload).toMatchObject({ incident: { id: notice.incident.id, severity: 'critical' } });
  });
});
