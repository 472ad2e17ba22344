import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../lib/model/verdict.ts';
import { teamsBody, teamsSink } from '../../lib/sinks/teams.ts';
import { aNotice, anIncident } from '../support/builders.ts';
import { receiver } from '../support/posted.ts';

const { signal } = new AbortController();

interface Run {
  readonly type: string;
  readonly text: string;
  readonly color?: string;
}
interface Card {
  readonly type: string;
  readonly body: readonly { readonly type: string; readonly inlines: readonly Run[] }[];
}
const card = (notice = aNotice()): Card => {
  const { attachments } = JSON.parse(teamsBody(notice)) as { attachments: { contentType: string; content: Card }[] };
  expect(attachments.map(({ contentType }) => contentType)).toEqual(['application/vnd.microsoft.card.adaptive']);
  return attachments[0]?.content ?? { type: 'none', body: [] };
};
const runs = (notice = aNotice()) => card(notice).body.flatMap(({ inlines }) => inlines);

describe('the Teams sink', () => {
  it('posts an adaptive card with the subject and every line', async () => {
    const { sent, post } = receiver({ status: 202 });
    const { id } = await teamsSink({ id: 'teams', url: 'https://x.example/s3cr3t', post }).deliver(aNotice(), signal);
    expect(id).toBe(`202 ${aNotice().key}`);
    expect(sent[0]?.body).toBe(teamsBody(aNotice()));
    expect(runs().map(({ text }) => text)).toEqual(['[CRIT] OPEN w/o auth', ...aNotice().lines]);
  });

  it('has text in elements that know no Markdown alone, and no action', () => {
    const { body, ...rest } = card();
    expect(new Set(body.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']));
    expect(new Set(runs().map(({ type }) => type))).toEqual(new Set(['TextRun']));
    expect(rest).not.toHaveProperty('actions');
  });

  it('says by colour how bad it is, and that it is over', () => {
    const colour = (over: Parameters<typeof aNotice>[0]) => runs(aNotice(over))[0]?.color;
    const colours = SEVERITIES.map((severity) => colour({ incident: anIncident({ severity }) }));
    expect(colours).toEqual(['Attention', 'Attention', 'Warning', 'Accent', 'Default']);
    expect(colour({ kind: 'closed' })).toBe('Good');
  });

  it('stays within what Teams takes', () => {
    const lines = Array.from({ length: 300 }, () => '\u{1f600}"'.repeat(5_000));
    expect(Buffer.byteLength(teamsBody(aNotice({ subject: '"'.repeat(500), lines })))).toBeLessThanOrEqual(24 * 1024);
  });
});
