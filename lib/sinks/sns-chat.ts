/**
 * A notice as a custom notification for Amazon Q Developer in chat applications, and nothing else in the body
 * (evidence-and-alerts.md section 3.2). The lines stand in a code block, where neither Slack nor Teams makes links,
 * mentions or formats; what would end the block, or work in spite of it, is replaced as well.
 */
import type { Notice } from '../model/incident.ts';
import { inertForSlack, shownLines } from './inert.ts';
import { isTest } from './test-notice.ts';
import { spelledJson } from '../model/text.ts';

/** What Slack shows of one section. */
const DESCRIPTION_LIMIT = 2_900;
const TITLE_LIMIT = 99;
const ARN_LIMIT = 512;

export function chatBody(notice: Notice): string {
  const { incident, endpoint, kind, key, subject } = notice;
  const title = code(subject === '' ? 'ajar alert' : subject);
  const body = {
    version: '1.0',
    source: 'custom',
    id: key,
    content: {
      textType: 'client-markdown',
      title,
      description: codeBlock(notice),
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
  return spelledJson(JSON.stringify(body));
}

function codeBlock(notice: Notice): string {
  const text = (lines: readonly string[]): string => lines.join('\n');
  return `\`\`\`\n${text(shownLines(notice, inertForSlack, (lines) => text(lines).length <= DESCRIPTION_LIMIT))}\n\`\`\``;
}

function code(text: string): string {
  return `\`${inertForSlack(text, TITLE_LIMIT)}\``;
}

/** Not shown as text, so it stays as it is or is left out. */
function isArn(text: string | undefined): boolean {
  return text !== undefined && text.length <= ARN_LIMIT && /^arn:[\w:.*-]+([/][\w:.*-]+)*$/.test(text);
}

function word(text: string): string {
  return text.slice(0, 40).replace(/[^A-Za-z0-9-]/g, '-');
}
