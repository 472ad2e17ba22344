/**
 * A notice as a custom notification for Amazon Q Developer in chat applications, and nothing else in the body
 * (evidence-and-alerts.md section 3.2). The lines stand in a code block, where neither Slack nor Teams makes links,
 * mentions or formats; what would end the block, or work in spite of it, is replaced as well.
 */
import type { Notice } from '../model/incident.ts';
import { printable } from '../model/text.ts';
import { transmittable } from './notice-json.ts';
import { isTest } from './test-notice.ts';

const MAX_LINES = 16;
/** What Slack shows of one section. */
const DESCRIPTION_LIMIT = 2_900;
const LINE_LIMITS = [400, 250, 120, 40];
const TITLE_LIMIT = 99;
const ARN_LIMIT = 512;

export function chatBody(notice: Notice): string {
  const { incident, endpoint, kind, key, subject, lines } = notice;
  const title = code(subject === '' ? 'ajar alert' : subject);
  const [first, ...rest] = lines;
  const body = {
    version: '1.0',
    source: 'custom',
    id: key,
    content: {
      textType: 'client-markdown',
      title,
      description: codeBlock(first === subject ? rest : lines, subject),
      keywords: [incident.severity, kind, endpoint.engine].map(word).filter((keyword) => keyword !== ''),
    },
    metadata: {
      // Later notices of the incident become answers to the first.
      threadId: incident.id,
      summary: title,
      eventType: `ajar-${kind}`,
      relatedResources: isArn(endpoint.arn) ? [endpoint.arn] : [],
      additionalContext: {
        severity: incident.severity,
        state: incident.status,
        protection: incident.protection,
        verdict: incident.verdict,
        isTest: String(isTest(notice)),
      },
    },
  };
  return transmittable(JSON.stringify(body));
}

function codeBlock(lines: readonly string[], subject: string): string {
  const shown = lines.length === 0 ? [subject] : lines.slice(0, MAX_LINES);
  let text = '';
  for (const limit of LINE_LIMITS) {
    text = shown.map((line) => inert(line, limit)).join('\n');
    if (text.length <= DESCRIPTION_LIMIT) break;
  }
  return `\`\`\`\n${text}\n\`\`\``;
}

function code(text: string): string {
  return `\`${inert(text, TITLE_LIMIT)}\``;
}

/**
 * Slack reads `<...>` inside code too, and wants these three as entities; it has no escape for the rest. Never a
 * backtick, a scheme that a client would turn into a link, an `@`, or the middle of a Markdown link.
 */
function inert(text: string, limit: number): string {
  return printable(text, limit)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', "'")
    .replaceAll('@', '(at)')
    .replaceAll('://', '[:]//')
    .replaceAll('](', '] (');
}

/** Not shown as text, so it stays as it is or is left out. */
function isArn(text: string | undefined): boolean {
  return text !== undefined && text.length <= ARN_LIMIT && /^arn:[\w:.*-]+([/][\w:.*-]+)*$/.test(text);
}

function word(text: string): string {
  return text.slice(0, 40).replace(/[^A-Za-z0-9-]/g, '-');
}
