/**
 * POSTs a notice to a workflow of Microsoft Teams ("when a Teams webhook request is received") as an adaptive card
 * (evidence-and-alerts.md section 3.3). Text is in `TextRun`s alone: of all elements of a card the one that knows no
 * Markdown, and so neither links nor mentions. No action and no image: nothing of a card is fetched or opened.
 */
import type { Notice } from '../model/incident.ts';
import type { Sink } from '../model/sink.ts';
import type { Severity } from '../model/verdict.ts';
import { accepted, type Post } from './accepted.ts';
import { inert, shownLines } from './inert.ts';
import { inTurn } from './in-turn.ts';
import { utf8Bytes } from './notice-json.ts';
import { spelledJson } from '../model/text.ts';

/** Teams refuses more than 28 KB. */
const BODY_BYTES = 24 * 1024;
const SUBJECT_LIMIT = 99;

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: 'Attention',
  high: 'Attention',
  medium: 'Warning',
  low: 'Accent',
  info: 'Default',
};

export interface TeamsOptions {
  readonly id: string;
  /** The address is the secret. */
  readonly url: string;
  readonly post: Post;
}

export function teamsSink({ id, url, post }: TeamsOptions): Sink {
  return {
    id,
    groups: true,
    ...inTurn(async (notice, signal) => {
      const status = await accepted({ post, url, body: teamsBody(notice), signal });
      return { id: `${status} ${notice.key}` };
    }),
  };
}

export function teamsBody(notice: Notice): string {
  const { incident, kind } = notice;
  const subject = inert(notice.subject, SUBJECT_LIMIT) || 'ajar alert';
  const isOver = kind === 'closed' || kind === 'accepted';
  const title = { weight: 'Bolder', size: 'Medium', color: isOver ? 'Good' : COLOURS[incident.severity] };
  const body = (lines: readonly string[]): string =>
    spelledJson(
      JSON.stringify({
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            contentUrl: null,
            content: {
              $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
              type: 'AdaptiveCard',
              version: '1.4',
              fallbackText: subject,
              msteams: { width: 'Full' },
              body: [paragraph(subject, title), ...lines.map((line) => paragraph(line, { fontType: 'Monospace' }))],
            },
          },
        ],
      }),
    );
  return body(shownLines(notice, inert, (lines) => utf8Bytes(body(lines)) <= BODY_BYTES));
}

function paragraph(text: string, look: Readonly<Record<string, string>>): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] };
}
