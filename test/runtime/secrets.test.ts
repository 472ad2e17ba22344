import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { sinksFor } from '../../lib/model/sink.ts';
import { configFile } from '../../lib/model/files.ts';
import { type LocalPlace, type SinkEntry, sinkId } from '../../lib/model/sink-entry.ts';
import { sinkSettings } from '../../lib/runtime/secrets.ts';
import { sinkFor } from '../../lib/runtime/sinks.ts';
import { anIncident, aNotice, AT } from '../support/builders.ts';

const dir = mkdtempSync(join(tmpdir(), 'ajar-secrets-'));
afterAll(() => rmSync(dir, { recursive: true }));
const KEY = 'k'.repeat(32);
const URL_OF_SLACK = 'https://hooks.slack.example/services/T0/B0/s3cr3t';
const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/security';
const environment = { SLACK: URL_OF_SLACK, PD: KEY, EMPTY: '', SIGN: 'whsec' };

function sinksOf(sinks: readonly unknown[]): readonly SinkEntry<LocalPlace>[] {
  return configFile.parse({ version: 1, sinks }).sinks ?? [];
}
const made = (entry: unknown) => sinksOf([entry]).map((each) => sinkSettings(each, environment))[0];

describe('sinks of the settings', () => {
  it('are each made, with their secrets from the environment or a file', () => {
    const file = join(dir, 'teams');
    writeFileSync(file, 'https://teams.example/s3cr3t\n');
    const settings = sinksOf([
      { type: 'slack', url: { env: 'SLACK' } },
      { type: 'teams', name: 'ops', url: { file } },
      { type: 'pagerduty', key: { env: 'PD' }, region: 'eu' },
      { type: 'eventbridge', bus },
      { type: 'webhook', url: { env: 'SLACK' }, secret: { env: 'SIGN' }, format: 'asff' },
    ]).map((entry) => sinkSettings(entry, environment));
    expect(settings).toEqual([
      { type: 'slack', id: 'slack', url: URL_OF_SLACK },
      { type: 'teams', id: 'teams:ops', url: 'https://teams.example/s3cr3t' },
      { type: 'pagerduty', id: 'pagerduty', key: KEY, region: 'eu' },
      { type: 'eventbridge', id: 'eventbridge', bus },
      { type: 'webhook', id: 'webhook', url: URL_OF_SLACK, secret: 'whsec', format: 'asff' },
    ]);
    const sinks = settings.map(sinkFor);
    expect(sinks.map(({ id }) => id)).toEqual(settings.map(({ id }) => id));
    expect(sinks.map(({ id }) => id).join()).not.toContain('s3cr3t');
  });

  it('keep their id when their secret is changed', () => {
    const [entry] = sinksOf([{ type: 'slack', name: 'ops', url: { env: 'SLACK' } }]);
    expect(entry && sinkId(entry)).toBe('slack:ops');
  });

  it('of the second contact hear what nobody acknowledged, and how it ended', () => {
    const entry = { type: 'pagerduty', key: { env: 'PD' } };
    const ids = sinksOf([entry, { ...entry, escalation: true }]).map(sinkId);
    expect(ids).toEqual(['pagerduty', 'escalation:pagerduty']);
    const heard = (kind: Notice['kind'], escalated?: true) => {
      const ladder = { since: AT, ...(escalated === undefined ? {} : { escalated }) };
      return sinksFor(aNotice({ kind, incident: anIncident({ ladder }) }), ids).includes('escalation:pagerduty');
    };
    expect([heard('opened'), heard('reminder'), heard('closed')]).toEqual([false, false, false]);
    expect([heard('escalated', true), heard('closed', true)]).toEqual([true, true]);
  });

  it.each([
    ['a secret in the file itself', { type: 'slack', url: URL_OF_SLACK }, /never stands in this file/],
    ['a key in the file itself', { type: 'pagerduty', key: KEY }, /never stands in this file/],
    ['an unknown type', { type: 'pigeon' }, /type must be/],
    ['a bus that is none', { type: 'eventbridge', bus: 'security' }, /ARN of an event bus/],
    ['a name that is none', { type: 'slack', name: 'Ops Team', url: { env: 'SLACK' } }, /lower-case/],
  ])('refuse %s', (_, entry, message) => {
    const { error } = configFile.safeParse({ version: 1, sinks: [entry] });
    expect(error?.issues.map((issue) => issue.message).join()).toMatch(message);
  });

  it('refuse two of one id', () => {
    const entry = { type: 'slack', url: { env: 'SLACK' } };
    expect(configFile.safeParse({ version: 1, sinks: [entry, entry] }).error?.issues[0]?.message).toMatch(
      /a second slack/,
    );
    expect(sinksOf([entry, { ...entry, name: 'b' }])).toHaveLength(2);
  });

  it.each([
    ['a variable that is empty', { type: 'slack', url: { env: 'EMPTY' } }, /EMPTY is empty/],
    ['a variable that is not there', { type: 'slack', url: { env: 'NOWHERE' } }, /NOWHERE is empty/],
    ['a file that is not there', { type: 'slack', url: { file: '/nowhere/at/all' } }, /cannot be read \(ENOENT\)/],
    ['an address that is none', { type: 'slack', url: { env: 'SIGN' } }, /not an https URL/],
    ['a key that is none', { type: 'pagerduty', key: { env: 'SIGN' } }, /not the 32 letters/],
  ])('refuse %s, and never repeat it', (_, entry, message) => {
    expect(() => made(entry)).toThrow(message);
    expect(() => made(entry)).not.toThrow(/whsec/);
  });

  it('refuse an address in clear, but for a relay beside us', () => {
    const over = (SLACK: string) =>
      sinksOf([{ type: 'slack', url: { env: 'SLACK' } }]).map((e) => sinkSettings(e, { SLACK }));
    expect(() => over('http://hooks.example/x')).toThrow(/not an https URL/);
    expect(() => over('https://a b/')).toThrow(/one line/);
    expect(over('http://127.0.0.1:8080/x')).toHaveLength(1);
  });
});
