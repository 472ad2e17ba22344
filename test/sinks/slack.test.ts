import { describe, expect, it } from 'vitest';
import { slackBody, slackSink } from '../../lib/sinks/slack.ts';
import { aNotice } from '../support/builders.ts';
import { receiver } from '../support/posted.ts';

const { signal } = new AbortController();
const url = 'https://hooks.slack.example/services/T0/B0/s3cr3t';

interface Text {
  readonly type: string;
  readonly text: string;
}
interface Body {
  readonly text: string;
  readonly blocks: readonly { readonly type: string; readonly text: Text }[];
}
const body = (notice = aNotice()) => JSON.parse(slackBody(notice)) as Body;

describe('the Slack sink', () => {
  it('posts a header and one block a line, none of which Slack formats', async () => {
    const { sent, post } = receiver({ status: 200 });
    const { id } = await slackSink({ id: 'slack', url, post }).deliver(aNotice(), signal);
    expect(id).toBe(`200 ${aNotice().key}`);
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      text: '[CRIT] OPEN w/o auth',
      mrkdwn: false,
      unfurl_links: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '[CRIT] OPEN w/o auth' } },
        ...aNotice().lines.map((text) => ({ type: 'section', text: { type: 'plain_text', text } })),
      ],
    });
  });

  it('shows the subject once where it is the first line too', () => {
    const { blocks } = body(aNotice({ lines: ['[CRIT] OPEN w/o auth', 'WHAT     x'] }));
    expect(blocks.map((b) => b.text.text)).toEqual(['[CRIT] OPEN w/o auth', 'WHAT     x']);
  });

  it('stays within what Slack takes, however long the notice, and cuts no entity', () => {
    const lines = Array.from({ length: 300 }, () => '<&>'.repeat(5_000));
    const { text, blocks } = body(aNotice({ subject: '<&>'.repeat(90), lines }));
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks[0]?.text.text.length).toBeLessThanOrEqual(150);
    for (const block of blocks) {
      expect(block.text.text.length).toBeLessThanOrEqual(3_000);
      expect(block.text.text).not.toMatch(/&(?!(amp|lt|gt);)/);
    }
    expect(text.length).toBeLessThanOrEqual(600);
    expect(Buffer.byteLength(slackBody(aNotice({ lines })))).toBeLessThanOrEqual(16 * 1024);
  });

  it('is never without a header: Slack refuses an empty one', () => {
    expect(body(aNotice({ subject: '', lines: [] })).blocks[0]?.text.text).toBe('ajar alert');
  });

  it('sends no more while Slack asks for time', async () => {
    const { sent, post } = receiver({ status: 200 }, { status: 429, retryAfterMs: 30_000 });
    const notices = ['a', 'b', 'c'].map((key) => aNotice({ key }));
    const outcomes = await slackSink({ id: 'slack', url, post }).deliverAll?.(notices, signal);
    expect(sent).toHaveLength(2);
    expect(outcomes).toMatchObject([{ id: '200 a' }, { retryAfterMs: 30_000 }, { retryAfterMs: 30_000 }]);
    expect(JSON.stringify(outcomes)).not.toContain('s3cr3t');
  });
});
