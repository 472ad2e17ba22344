/** What a Lambda is told by its environment. With runtime/config.ts the only readers of process.env. */
import { AjarError } from '../../model/errors.ts';

export type SettingName =
  | 'AJAR_TABLE'
  | 'AJAR_COLLECT_QUEUE'
  | 'AJAR_PROBE_QUEUE'
  | 'AJAR_ASSESS_QUEUE'
  | 'AJAR_CHANGE_QUEUE'
  | 'AJAR_TOPIC_PAGE'
  | 'AJAR_TOPIC_CHAT'
  | 'AJAR_TOPIC_MACHINE'
  | 'AJAR_TOPIC_DIGEST'
  | 'AJAR_TOPIC_HEALTH'
  | 'AJAR_TOPIC_PAGE_FALLBACK'
  | 'AJAR_EVIDENCE_BUCKET'
  | 'AJAR_SIGNING_KEY'
  | 'AJAR_ALLOWLIST'
  | 'AJAR_SINKS'
  | 'AJAR_ROLE'
  | 'AJAR_EXTERNAL_ID'
  | 'AJAR_ACCOUNTS'
  | 'AJAR_REGIONS'
  | 'AJAR_VANTAGE'
  | 'AJAR_CANARY'
  | 'AJAR_DRILL'
  | 'AJAR_DRILL_QUEUE'
  | 'AJAR_CONSOLE_HOSTS'
  | 'AJAR_DRILL_URL'
  | 'AJAR_PERMISSION'
  | 'AJAR_ONLY'
  | 'AJAR_ALLOW_PRIVATE'
  | 'AJAR_HEARTBEAT_URL'
  | 'AJAR_SUBSCRIPTIONS'
  | 'AWS_ENDPOINT_URL'
  | 'AWS_REGION';

/** Throws AjarError `bad-input` where it is absent or empty: a Lambda that lacks its table must not do half its work. */
export function setting(name: SettingName): string {
  const value = optionalSetting(name);
  if (value === undefined) {
    throw new AjarError('bad-input', `the environment has no ${name}`, {
      cure: 'deploy again: serverless.yml sets it',
    });
  }
  return value;
}

export function optionalSetting(name: SettingName): string | undefined {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** Separated by commas; `undefined` where there is none. */
export function listSetting(name: SettingName): readonly string[] | undefined {
  const parts = optionalSetting(name)
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts === undefined || parts.length === 0 ? undefined : parts;
}

/** For a program of ours that must not take on this shell's AWS account, profile or endpoint. */
export function environmentWithoutAws(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
}
