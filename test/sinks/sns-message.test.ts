/** Covers sns-message.ts, sns-attributes.ts and sns-chat.ts: what is sent, against the rules that SNS documents. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident, Notice } from '../../lib/model/incident.ts';
import { DATA_CLASSES, type DataAtRisk } from '../../lib/model/observation.ts';
import { SEVERITIES } from '../../lib/model/verdict.ts';
import { utf8Bytes } from '../../lib/sinks/notice-json.ts';
import { type Audience, messageBytes, messageFor, type SnsMessage } from '../../lib/sinks/sns-message.ts';
import { testNotice } from '../../lib/sinks/test-notice.ts';
import { anIncident, aNotice } from '../support/builders.ts';

const AUDIENCES: readonly Audience[] = ['page', 'chat', 'machine'];
const BUDGET = 32 * 1024;
const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as readonly string[];

/** The same stranger's text wherever a stranger's text can be. */
function noticeWith(text: string, lists = 1): Notice {
  const many = Array.from({ length: lists }, () => text);
  const data: DataAtRisk = {
    objects: 1,
    classes: [{ class: 'credential', count: 1, because: many }],
    samples: many,
    truncated: false,
    ransomMarkers: 0,
  };
  const incident = anIncident({ endpointId: text, reasons: many, allowances: many, evidence: text, data });
  return aNotice({
    incident,
    also: many.map(() => anIncident({ endpointId: text })),
    subject: text,
    lines: [text, ...Array.from({ length: 11 }, () => `WHERE    ${text}`)],
    endpoint: {
      ...{ id: text, host: text, port: 9200, engine: text, account: text, region: text, name: text },
      ...{ arn: `arn:aws:es:${text}`, addresses: many, product: text, version: text, vantages: many, path: text },
    },
  });
}

/** What SNS, and SQS behind it, document; every broken rule by name. */
function broken({ Message, Subject, MessageAttributes, MessageStructure }: SnsMessage): readonly string[] {
  const attributes = Object.entries(MessageAttributes);
  const bodies = MessageStructure === 'json' ? Object.values(JSON.parse(Message) as object) : [Message];
  const rules: Record<string, boolean> = {
    'at most 32 KiB': messageBytes({ Message, Subject, MessageAttributes }) <= BUDGET,
    'subject: printable ASCII, fewer than 100, begins with letter, number or punctuation':
      /^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(Subject) && /^[\p{L}\p{N}\p{P}]/u.test(Subject),
    'bodies: strings, not empty': bodies.length > 0 && bodies.every((b) => typeof b === 'string' && b !== ''),
    'bodies: characters of XML 1.0': bodies.every((b) =>
      /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(String(b)),
    ),
    'structure json: a default': MessageStructure !== 'json' || 'default' in (JSON.parse(Message) as object),
    'at most 10 attributes': attributes.length <= 10,
    'attribute names': attributes.every(([name]) => /^(?!aws\.|amazon\.)[\w-]+([.][\w-]+)*$/i.test(name)),
    'attribute values': attributes.every(([, { StringValue }]) => /^[\x20-\x7e]+$/.test(StringValue ?? '')),
    'attribute types': attributes.every(([, { DataType, StringValue = '' }]) => {
      if (DataType === 'Number') return /^\d+$/.test(StringValue);
      return DataType === 'String' || (DataType === 'String.Array' && Array.isArray(JSON.parse(StringValue)));
    }),
  };
  return Object.keys(rules).filter((rule) => rules[rule] !== true);
}

/** The document that a queue, a function or a web hook gets. */
function documentOf({ Message, MessageStructure }: SnsMessage): unknown {
  const body: unknown = JSON.parse(Message);
  return MessageStructure === 'json' ? JSON.parse((body as { default: string }).default) : body;
}
const page = (notice: Notice) =>
  JSON.parse(messageFor('page', notice).Message) as { default: string; email: string; sms: string };
const attributes = (notice: Notice) =>
  Object.fromEntries(
    Object.entries(messageFor('machine', notice).MessageAttributes).map(([name, value]) => [name, value.StringValue]),
  );

interface ChatBody {
  readonly content: { readonly title: string; readonly description: string; readonly keywords: readonly string[] };
  readonly metadata: { readonly threadId: string; readonly relatedResources: readonly string[] };
}
const chat = (notice: Notice) => JSON.parse(messageFor('chat', notice).Message) as ChatBody;

describe('what a page is', () => {
  it('is text for people, a document for everything else, a line for telephones', () => {
    const { email, sms, default: json } = page(aNotice());
    expect(email).toBe(aNotice().lines.join('\n'));
    expect(JSON.parse(json)).toEqual({ schemaVersion: 1, ...aNotice() });
    expect(sms).toBe('[CRIT] OPEN w/o auth (21511d9f)');
    expect(Object.keys(page(aNotice()))).toEqual(['default', 'email', 'sms']);
  });

  it('never needs a second text message, nor letters that telephones have not', () => {
    for (const text of [...HOSTILE, 'x'.repeat(500)])
      expect(page(noticeWith(text)).sms).toMatch(/^[\x20-\x5f\x61-\x7e]{1,140}$/);
  });
});

describe('what a machine gets', () => {
  it('is the document that web hooks get, without a structure, so that attributes travel with it', () => {
    const message = messageFor('machine', aNotice());
    expect(JSON.parse(message.Message)).toEqual({ schemaVersion: 1, ...aNotice() });
    expect(message).not.toHaveProperty('MessageStructure');
  });
});

describe('attributes', () => {
  it('are what a filter policy chooses by', () => {
    const { endpoint } = aNotice();
    const classes = (['credential', 'contact', 'credential'] as const).map((name) => ({
      ...{ class: name, count: 1, because: [] },
    }));
    const data = { objects: 2, classes, samples: [], truncated: false, ransomMarkers: 0 };
    const arn = 'arn:aws:es:us-east-1:111122223333:domain/device-analytics';
    const notice = aNotice({
      incident: anIncident({ data }),
      endpoint: { ...endpoint, account: '111122223333', region: 'us-east-1', arn },
    });
    expect(messageFor('page', notice).MessageAttributes).toEqual(messageFor('chat', notice).MessageAttributes);
    expect(attributes(notice)).toEqual({
      ...{ severity: 'critical', severityRank: '5', state: 'open', transition: 'opened', accountId: '111122223333' },
      ...{ region: 'us-east-1', service: 'es', protocol: 'elasticsearch', isTest: 'false' },
      dataClasses: '["credential","contact"]',
    });
  });

  it('leave out what is not known', () => {
    expect(Object.keys(attributes(aNotice())).toSorted()).toEqual([
      'isTest',
      'protocol',
      'severity',
      'severityRank',
      'state',
      'transition',
    ]);
    const { endpoint } = aNotice();
    expect(attributes(aNotice({ endpoint: { ...endpoint, account: '', region: '', arn: 'none' } }))).toEqual(
      attributes(aNotice()),
    );
  });

  it('rank severities in their order', () => {
    const ranks = SEVERITIES.map(
      (severity) => attributes(aNotice({ incident: anIncident({ severity }) }))['severityRank'],
    );
    expect(ranks).toEqual(['5', '4', '3', '2', '1']);
  });

  it('say of a test that it is one', () => {
    expect(attributes(testNotice(new Date(0)))).toMatchObject({ isTest: 'true', severityRank: '5' });
  });

  it('say of a drill that it is one, and a test, so that whoever leaves out tests leaves it out; never more than ten', () => {
    const { endpoint, incident } = noticeWith('x');
    const drill = aNotice({ incident, endpoint: { ...endpoint, drill: true } });
    expect(attributes(drill)).toMatchObject({ isDrill: 'true', isTest: 'true', severity: 'critical' });
    expect(Object.keys(attributes(drill))).toHaveLength(10);
    expect(JSON.parse(messageFor('machine', drill).Message)).toMatchObject({ isTest: true, endpoint: { drill: true } });
  });
});

describe('a drill', () => {
  it.each(['page', 'chat'] as const)('is never made a message for %s: nobody is woken by one', (audience) => {
    const drill = aNotice({ endpoint: { ...aNotice().endpoint, drill: true } });
    expect(() => messageFor(audience, drill)).toThrow('a drill is told to machines alone');
  });
});

describe('what Amazon Q gets', () => {
  it('is its custom notification, and nothing else', () => {
    const notice = aNotice({ lines: ['[CRIT] OPEN w/o auth', 'WHAT     x', 'WHERE    y'] });
    expect(JSON.parse(messageFor('chat', notice).Message)).toEqual({
      version: '1.0',
      source: 'custom',
      id: notice.key,
      content: {
        textType: 'client-markdown',
        title: '`[CRIT] OPEN w/o auth`',
        description: '```\nWHAT     x\nWHERE    y\n```',
        keywords: ['critical', 'opened', 'elasticsearch'],
      },
      metadata: {
        threadId: notice.incident.id,
        summary: '`[CRIT] OPEN w/o auth`',
        eventType: 'ajar-opened',
        relatedResources: [],
        additionalContext: {
          ...{ severity: 'critical', state: 'open', protection: 'authentication', verdict: 'exposed', isTest: 'false' },
        },
      },
    });
  });

  it('answers in the thread of the incident', () => {
    const closed = aNotice({ kind: 'closed', key: 'k2' });
    expect(chat(closed).metadata.threadId).toBe(chat(aNotice()).metadata.threadId);
  });

  it.each([
    '<!channel>',
    '<@U12345>',
    '@here',
    '<https://evil.example|fix>',
    'https://evil.example/fix',
    '[fix](https://evil.example)',
    '![x](//evil.example/x.png)',
    '```\n@channel',
    '`` ` ``',
    ...HOSTILE,
  ])('makes no mention, link or end of code of %j', (text) => {
    const { content, metadata } = chat(noticeWith(text));
    const inside = content.description.slice(3, -3);
    expect(content.description).toMatch(/^```\n[^]*\n```$/);
    expect(content.title).toMatch(/^`[^`\n]*`$/);
    for (const shown of [inside, content.title.slice(1, -1), ...content.keywords, ...metadata.relatedResources]) {
      expect(shown).not.toMatch(/[`<>@]|:\/\/|\]\(/);
      expect(shown).not.toMatch(/&(?!(amp|lt|gt);)/);
    }
    expect(
      inside
        .split('\n')
        .slice(1, -1)
        .every((line) => line.startsWith('WHERE') || line.length <= 400 * 5),
    ).toBe(true);
    expect(content.description.length).toBeLessThanOrEqual(3_000);
  });

  it('names the resource where that is an ARN and nothing more', () => {
    const { endpoint } = aNotice();
    const related = (arn: string) => chat(aNotice({ endpoint: { ...endpoint, arn } })).metadata.relatedResources;
    const arn = 'arn:aws:es:us-east-1:111122223333:domain/device-analytics';
    const others = [`${arn} <!here>`, 'arn:aws:x://evil.example', `${arn}${'x'.repeat(500)}`];
    expect([arn, ...others].map(related)).toEqual([[arn], [], [], []]);
  });
});

describe.each(AUDIENCES)('any message for %s', (audience) => {
  it.each([
    ['names of 10 MB', noticeWith('ü"\\\u{1f600}'.repeat(2_000_000))],
    ['5,000 addresses and companions', noticeWith('203.0.113.10', 5_000)],
    ['nothing but what is escaped twice', noticeWith('"\\'.repeat(5_000), 100)],
    ['nothing but what XML forbids', noticeWith('\ufffe'.repeat(5_000), 100)],
    ['nothing but long characters', noticeWith('\uffee'.repeat(5_000), 100)],
    ['nothing but empty text', noticeWith('', 3)],
    ['no lines', aNotice({ lines: [], subject: '' })],
    ['a thousand lines', aNotice({ lines: Array.from({ length: 1_000 }, () => 'ü'.repeat(1_000)) })],
  ])('is one that SNS accepts with %s, and says what it is about', (_, notice) => {
    const message = messageFor(audience, notice);
    expect(broken(message)).toEqual([]);
    expect(message.Message).toContain(notice.incident.id);
    if (audience !== 'chat')
      expect(documentOf(message)).toMatchObject({ key: notice.key, incident: { severity: 'critical' } });
  });

  it('is one that SNS accepts with every hostile name', () => {
    for (const text of HOSTILE) {
      const message = messageFor(audience, noticeWith(text));
      expect([text, broken(message)]).toEqual([text, []]);
      if (audience !== 'chat')
        expect(documentOf(message)).toMatchObject(
          text.length > 1_000 ? { truncated: true } : { endpoint: { name: text } },
        );
    }
  });

  it('uses its budget to the byte, and not one more', () => {
    // Every length around the edge: the whole notice up to 32 KiB, a shorter form from there on.
    const sizes = new Set<boolean>();
    const grown = (n: number) => messageFor(audience, aNotice({ incident: anIncident({ reasons: ['x'.repeat(n)] }) }));
    const base = messageBytes(grown(0));
    for (let n = BUDGET - base - 3; n < BUDGET - base + 4; n++) {
      const bytes = messageBytes(grown(n));
      expect(bytes).toBeLessThanOrEqual(BUDGET);
      sizes.add(bytes === BUDGET);
    }
    expect(sizes.has(true)).toBe(audience !== 'chat');
  });

  it('is one that SNS accepts, whatever the notice', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.constantFrom(...HOSTILE),
      fc
        .tuple(fc.constantFrom(...HOSTILE), fc.integer({ min: 1, max: 5_000 }))
        .map(([t, n]) => t.repeat(n).slice(0, 1e5)),
    );
    const notice = fc
      .record({
        ...{ text, lists: fc.integer({ min: 0, max: 200 }), lines: fc.array(text, { maxLength: 30 }), subject: text },
        severity: fc.constantFrom(...SEVERITIES),
        kind: fc.constantFrom('opened', 'worsened', 'closed', 'accepted' as const),
        classes: fc.array(fc.constantFrom(...DATA_CLASSES), { maxLength: 40 }),
      })
      .map(({ text: name, lists, lines, subject, severity, kind, classes }): Notice => {
        const made = noticeWith(name, lists);
        const hits = classes.map((of) => ({ class: of, count: 1, because: [name] }));
        const data = made.incident.data && { ...made.incident.data, classes: hits };
        const incident: Incident = { ...made.incident, severity, ...(data === undefined ? {} : { data }) };
        return { ...made, incident, lines, subject, kind };
      });
    fc.assert(
      fc.property(notice, (any) => {
        const message = messageFor(audience, any);
        expect(broken(message)).toEqual([]);
        expect(documentOf(message)).toHaveProperty(
          audience === 'chat' ? 'metadata.threadId' : 'incident.id',
          any.incident.id,
        );
        expect(utf8Bytes(message.Message)).toBeLessThan(BUDGET);
      }),
      { numRuns: 150 },
    );
  });
});
