/**
 * Every sink against every hostile string, read back as its receiver reads it (evidence-and-alerts.md section 6.4): no mention,
 * link, markup, control character, line break or direction survives in what people see, and what machines get is the same
 * document. The readers are strict ones of this file: what a receiver would treat as anything but text is an error.
 */
import { readFileSync } from 'node:fs';
import type { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { afterAll, describe, expect, test } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Told } from '../../lib/model/health.ts';
import type { Notice } from '../../lib/model/incident.ts';
import { digestOf } from '../../lib/pipeline/digest.ts';
import { withSuspicion } from '../../lib/pipeline/suspicion.ts';
import { toldTogether } from '../../lib/pipeline/told-together.ts';
import { asffJson } from '../../lib/sinks/asff.ts';
import { digestMessage } from '../../lib/sinks/digest.ts';
import { entryOf } from '../../lib/sinks/eventbridge.ts';
import { healthMessage } from '../../lib/sinks/health.ts';
import { pagerDutyEvents } from '../../lib/sinks/pagerduty.ts';
import { securityHubSink } from '../../lib/sinks/securityhub.ts';
import { slackBody } from '../../lib/sinks/slack.ts';
import { messageFor } from '../../lib/sinks/sns-message.ts';
import { stdoutSink } from '../../lib/sinks/stdout.ts';
import { teamsBody } from '../../lib/sinks/teams.ts';
import { webhookSink } from '../../lib/sinks/webhook.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { hostileNotice } from '../support/hostile-notice.ts';
import { receiver } from '../support/posted.ts';

const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as readonly string[];
const { signal } = new AbortController();

// Written here a second time on purpose: what must not reach an eye, whoever escaped it.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\p{Cs}|[\u{e0000}-\u{e007f}]/u;
const LINK = /:\/\/|\]\(/;
const MENTION = /@|<[!#@a/]/;
/** Of one line of digest: names and times of one incident. */
const LINE_LIMIT = 520;

/** What a receiver shows, each piece by itself. A reader throws where it finds more than text. */
type Read = (notice: Notice) => Promise<readonly string[]> | readonly string[];

/** Strings of a JSON document, however deep; names of fields are ours. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

/** Slack's markup: `<` begins a link or mention, `&` one of three entities. Text has neither but as entities. */
function slackText(source: string): string {
  if (/[<>]/.test(source)) throw new Error(`markup: ${source}`);
  return source.replace(/&(\w*;?)/g, (_, name: string) => {
    const found = { 'amp;': '&', 'lt;': '<', 'gt;': '>' }[name];
    if (found === undefined) throw new Error(`no entity of Slack's: &${name}`);
    return found;
  });
}

/** A Markdown code block or span: to its first fence everything is text. */
function codeOf(markdown: string, fence: string): string {
  const inside = markdown.slice(fence.length, -fence.length);
  if (!markdown.startsWith(fence) || !markdown.endsWith(fence)) throw new Error('not in code');
  if (inside.includes('`')) throw new Error('the code ends early');
  return slackText(inside);
}

const parse = <T>(json: string): T => JSON.parse(json) as T;

function slackRead(notice: Notice): readonly string[] {
  const { blocks, text } = parse<{ text: string; blocks: { type: string; text: { type: string; text: string } }[] }>(
    slackBody(notice),
  );
  if (blocks.some((block) => block.text.type !== 'plain_text')) throw new Error('a block is no plain text');
  return [slackText(text), ...blocks.map((block) => slackText(block.text.text))];
}

/** For people: each piece is one line of text and nothing else. */
const PEOPLE: Readonly<Record<string, Read>> = {
  'slack (plain_text)': slackRead,
  'slack (several as one)': (notice) => {
    const other = hostileNotice(`${notice.subject}x`);
    return slackRead(withSuspicion(toldTogether([notice, other], 'they share what was changed'), 40, 100));
  },
  'teams (TextRun)': (notice) => {
    const { attachments } = parse<{
      attachments: {
        content: { fallbackText: string; body: { type: string; inlines: { type: string; text: string }[] }[] };
      }[];
    }>(teamsBody(notice));
    return attachments.flatMap(({ content }) => [
      content.fallbackText,
      ...content.body.flatMap(({ type, inlines }) => {
        if (type !== 'RichTextBlock' || inlines.some((run) => run.type !== 'TextRun')) throw new Error('Markdown');
        return inlines.map(({ text }) => text);
      }),
    ]);
  },
  'sns chat (Amazon Q)': (notice) => {
    const { content, metadata } = parse<{
      content: { title: string; description: string; keywords: string[] };
      metadata: { summary: string; relatedResources: string[] };
    }>(messageFor('chat', notice).Message);
    const lines = codeOf(content.description, '```').split('\n');
    // What was written as one line must be read as one: the first and last are those of the fences.
    if (lines.length > 18) throw new Error('more lines than were written');
    const spans = [content.title, metadata.summary].map((span) => codeOf(span, '`'));
    return [...lines, ...spans, ...content.keywords, ...metadata.relatedResources];
  },
  pagerduty: (notice) => pagerDutyEvents(notice, 'R'.repeat(32)).flatMap((json) => stringsOf(JSON.parse(json))),
  'webhook (asff)': (notice) => stringsOf(JSON.parse(asffJson(notice) ?? '')),
  'security hub (import)': async (notice) => {
    const pieces: string[] = [];
    const send = async ({ input }: BatchImportFindingsCommand) => {
      pieces.push(...stringsOf(input));
      return { SuccessCount: input.Findings?.length, FailedCount: 0 };
    };
    const client = { send } as unknown as SecurityHubClient;
    await securityHubSink({ id: 'securityhub', clientFor: async () => client }).deliver(notice, signal);
    return pieces;
  },
};

/** Mails and terminals know no mentions, and people's addresses are of use there. */
const PLAIN: Readonly<Record<string, Read>> = {
  'sns page (e-mail, sms)': (notice) => {
    const { Message, Subject } = messageFor('page', notice);
    const { email, sms } = parse<{ email: string; sms: string }>(Message);
    expect(email.split('\n')).toHaveLength(Math.min(16, notice.lines.length));
    expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    return [Subject, sms, ...email.split('\n')];
  },
  'sns digest (e-mail)': ({ subject }) => {
    const digest = digestOf(hostileReport(subject), EMPTY_ALLOWLIST, 'evidence/reports/2019/12/04/');
    const { Message, Subject } = digestMessage(digest);
    return [Subject, ...parse<{ email: string }>(Message).email.split('\n')];
  },
  'sns health (e-mail)': ({ subject, createdAt }) => {
    const told: Told = { key: subject, severity: 'critical', subject, detail: subject, since: createdAt };
    const news = { at: createdAt, began: [told, told], lasting: [], ended: [], open: 2, deaf: [] };
    const { Message, Subject } = healthMessage(news);
    const { email, sms } = parse<{ email: string; sms: string }>(Message);
    expect(email.split('\n')).toHaveLength(9);
    return [Subject, sms, ...email.split('\n')];
  },
  'stdout (text)': async (notice) => {
    let written = '';
    await stdoutSink({ write: (text) => void (written += text), format: 'text' }).deliver(notice, signal);
    const lines = written.slice(1, -2).split('\n');
    expect(lines).toHaveLength(notice.lines.length);
    return lines;
  },
};

/** For machines: the document, whole or shortened by name, and nothing in its bytes that a reader of them would obey. */
const MACHINES: Readonly<Record<string, (notice: Notice) => Promise<string> | string>> = {
  webhook: async (notice) => {
    const { sent, post } = receiver({ status: 200 });
    await webhookSink({ url: 'https://x.example/', post }).deliver(notice, signal);
    return sent[0]?.body ?? '';
  },
  'sns machine': (notice) => messageFor('machine', notice).Message,
  'sns page (default)': (notice) => parse<{ default: string }>(messageFor('page', notice).Message).default,
  eventbridge: (notice) => entryOf(notice, 'bus').Detail ?? '',
  'stdout (json)': async (notice) => {
    let written = '';
    await stdoutSink({ write: (text) => void (written += text), format: 'json' }).deliver(notice, signal);
    expect(written.endsWith('\n')).toBe(true);
    return written.slice(0, -1);
  },
};

/** What was read back of one string, and what of it is anything but harmless text. */
interface Found {
  readonly pieces: number;
  readonly left: readonly string[];
}

const rows: { sink: string; strings: number; pieces: number; left: number }[] = [];
afterAll(() => {
  const lines = rows.map(
    ({ sink, strings, pieces, left }) =>
      `  ${sink.padEnd(24)}${String(strings).padStart(4)} strings ${String(pieces).padStart(6)} pieces read back ${left} that work`,
  );
  console.log([`hostile strings x sinks (corpus of ${HOSTILE.length})`, ...lines].join('\n'));
});

async function every(sink: string, check: (text: string) => Promise<Found>): Promise<void> {
  const row = { sink, strings: 0, pieces: 0, left: 0 };
  rows.push(row);
  for (const text of HOSTILE) {
    try {
      const { pieces, left } = await check(text);
      row.strings++;
      row.pieces += pieces;
      row.left += left.length;
      expect(left).toEqual([]);
    } catch (cause) {
      throw new Error(`hostile string ${JSON.stringify(text.slice(0, 80))}`, { cause });
    }
  }
}

test('the corpus holds at least two hundred strings, no two alike, and what chats fall for', () => {
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
  for (const danger of [UNSEEN, LINK, MENTION, /<!channel>/, /[\r\n]/, /\u202e/, /`/]) {
    expect(HOSTILE.filter((text) => danger.test(text)).length).toBeGreaterThan(1);
  }
});

describe.each(Object.entries({ ...PEOPLE, ...PLAIN }))('%s', (sink, read) => {
  const works = sink in PEOPLE ? [UNSEEN, LINK, MENTION, /`/] : [UNSEEN, /:\/\//];
  // A single string of a stranger's must not push the rest out.
  const longest = /asff|import|health|pagerduty/.test(sink) ? 1_024 : LINE_LIMIT;

  test('shows every hostile string as text, and nothing of it works', async () => {
    const calm = await read(hostileNotice('calm'));
    expect(calm.filter((piece) => piece.includes('calm')).length).toBeGreaterThan(0);
    await every(sink, async (text) => {
      const pieces = await read(hostileNotice(text));
      const left = pieces.filter((piece) => piece.length > longest || works.some((danger) => danger.test(piece)));
      return { pieces: pieces.length, left };
    });
  });
});

describe.each(Object.entries(MACHINES))('%s', (sink, read) => {
  test('carries every hostile string unharmed, in bytes that harm nobody', async () => {
    await every(sink, async (text) => {
      const notice = hostileNotice(text);
      const json = await read(notice);
      const document = parse<Partial<Notice> & { readonly truncated?: true }>(json);
      expect(document.key).toBe(notice.key);
      if (document.truncated !== true) expect(document).toMatchObject({ ...notice });
      return { pieces: stringsOf(document).length, left: UNSEEN.test(json) ? [json] : [] };
    });
  });
});
