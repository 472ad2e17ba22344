/**
 * POSTs a notice to a Slack incoming webhook (evidence-and-alerts.md section 3.3): a header, one block a line, all of them
 * `plain_text`, in which Slack makes neither links nor mentions; `text` is what a telephone shows and is read as the
 * markup that it has none of. Nothing is unfurled. An incoming webhook has no threads: each line names its incident.
 * Slack takes about one message a second, and says by 429 for how long to wait.
 */
import type { Notice } from '../model/incident.ts';
import type { Sink } from '../model/sink.ts';
import { accepted, type Post } from './accepted.ts';
import { inertForSlack, shownLines } from './inert.ts';
import { inTurn } from './in-turn.ts';
import { utf8Bytes } from './notice-json.ts';
import { spelledJson } from '../model/text.ts';

const HEADER_LIMIT = 150;
const SECTION_LIMIT = 3_000;
const BODY_BYTES = 16 * 1024;
/** Each character may become an entity of five. */
const SUBJECT_LIMIT = 99;

export interface SlackOptions {
  readonly id: string;
  /** The address is the secret. */
  readonly url: string;
  readonly post: Post;
}

export function slackSink({ id, url, post }: SlackOptions): Sink {
  return {
    id,
    groups: true,
    ...inTurn(async (notice, signal) => {
      const status = await accepted({ post, url, body: slackBody(notice), signal });
      return { id: `${status} ${notice.key}` };
    }),
  };
}

export function slackBody(notice: Notice): string {
  const subject = inertForSlack(notice.subject, SUBJECT_LIMIT) || 'ajar alert';
  const body = (lines: readonly string[]): string =>
    spelledJson(
      JSON.stringify({
        text: subject,
        mrkdwn: false,
        ...{ unfurl_links: false, unfurl_media: false },
        blocks: [
          { type: 'header', text: plain(cutEntities(subject, HEADER_LIMIT)) },
          ...lines.map((line) => ({ type: 'section', text: plain(cutEntities(line, SECTION_LIMIT)) })),
        ],
      }),
    );
  return body(shownLines(notice, inertForSlack, (lines) => utf8Bytes(body(lines)) <= BODY_BYTES));
}

function plain(text: string): { readonly type: 'plain_text'; readonly text: string; readonly emoji: false } {
  return { type: 'plain_text', text, emoji: false };
}

/** Never half an entity or half a pair: either would be shown as rubbish. */
function cutEntities(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text
    .slice(0, limit - 1)
    .toWellFormed()
    .replace(/\ufffd$/u, '');
  return `${head.replace(/&[a-z]{0,3}$/, '')}…`;
}
