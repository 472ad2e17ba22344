/**
 * What ElastiCache's three kinds of cache have in common (aws-services.md section 2.11): user groups, and what their
 * settings promise. Users are read once per place, and only where a cache has a user group; what cannot be read of
 * them leaves authentication unknown and the list of caches whole.
 */
import {
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
  type LogDeliveryConfiguration,
  type User,
  type UserGroup,
} from '@aws-sdk/client-elasticache';
import type { DependencyKey } from '../model/change.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, withPending } from '../model/declared.ts';
import type { Engine } from '../model/endpoint.ts';
import type { Level, Protection } from '../model/protection.ts';
import { authenticationOf, type CacheUser, type Members } from './cache-users.ts';
import type { Cell } from './cell.ts';
import { keysOf } from './dependencies.ts';
import { type Pages, pagesOf } from './pages.ts';

export const USER_ACTIONS = ['elasticache:DescribeUsers', 'elasticache:DescribeUserGroups'] as const;
/** States in which a log is still written. */
const WRITTEN: ReadonlySet<string> = new Set(['active', 'modifying', 'disabling']);
/** The most that ElastiCache returns per page. */
export const PAGE = 100;

export interface UserGroups {
  readonly users: Pages<User>;
  readonly groups: Pages<UserGroup>;
}

export async function readUserGroups(cell: Cell): Promise<UserGroups> {
  return cell.shared('elasticache:DescribeUsers', async (own) => {
    const client = own.client(ElastiCacheClient);
    const groups = await pagesOf(own, 'elasticache user groups', {
      action: 'elasticache:DescribeUserGroups',
      call: (Marker) => client.send(new DescribeUserGroupsCommand({ MaxRecords: PAGE, Marker })),
      items: (page) => page.UserGroups,
      next: (page) => page.Marker,
    });
    const users = await pagesOf(own, 'elasticache users', {
      action: 'elasticache:DescribeUsers',
      call: (Marker) => client.send(new DescribeUsersCommand({ MaxRecords: PAGE, Marker })),
      items: (page) => page.Users,
      next: (page) => page.Marker,
    });
    return { users, groups };
  });
}

/** Authentication by user groups, with what the groups' own changes will make of it. */
export function groupAuthentication(ids: readonly string[], known: UserGroups): Protection {
  const label = `UserGroupIds=${ids.join(',')}`;
  const now = authenticationOf(label, membersOf(ids, known, 'now'));
  return withPending(now, authenticationOf(label, membersOf(ids, known, 'then')).level);
}

/** The groups and all who are in them or will be: a change of any of these changes what they promise. */
export function userKeys(ids: readonly string[], known: UserGroups): readonly DependencyKey[] {
  const names = new Set([...namesIn(ids, known, 'now'), ...namesIn(ids, known, 'then')]);
  return [...keysOf('elasticache:usergroup', ...ids), ...keysOf('elasticache:user', ...names)];
}

function membersOf(ids: readonly string[], known: UserGroups, when: 'now' | 'then'): Members {
  const { users, groups } = known;
  const names = namesIn(ids, known, when);
  const found = users.items.filter((u) => u.UserId !== undefined && names.has(u.UserId));
  const unread = ids.flatMap((id) =>
    groups.items.find((g) => g.UserGroupId === id)?.UserIds === undefined ? [`user group ${id} not read`] : [],
  );
  if (found.length < names.size) unread.push(`${names.size - found.length} of its users not read`);
  return { users: found.map(userOf), unread };
}

function namesIn(ids: readonly string[], { users, groups }: UserGroups, when: 'now' | 'then'): ReadonlySet<string> {
  const names = new Set<string>();
  for (const id of ids) {
    const group = groups.items.find((g) => g.UserGroupId === id);
    for (const name of group?.UserIds ?? []) names.add(name);
    // Each side names the other; a member that only one of them names counts as well.
    for (const user of users.items) {
      if (user.UserId !== undefined && user.UserGroupIds?.includes(id) === true) names.add(user.UserId);
    }
    if (when === 'now') continue;
    for (const name of group?.PendingChanges?.UserIdsToAdd ?? []) names.add(name);
    for (const name of group?.PendingChanges?.UserIdsToRemove ?? []) names.delete(name);
  }
  return names;
}

function userOf({ UserId, Authentication, AccessString }: User): CacheUser {
  return { name: UserId ?? 'unnamed', authentication: Authentication?.Type, accessString: AccessString };
}

export function cacheEngine(engine: string | undefined): Engine {
  return engine === 'redis' || engine === 'valkey' || engine === 'memcached' ? engine : 'unidentified';
}

/** Evidence that no security group is asked: aws-services.md section 9, trap 10. */
export function neverPublic(groups?: readonly (string | undefined)[]): Protection {
  const ids = (groups ?? []).filter((id) => id !== undefined);
  return declaredOn(
    `never public by design: private addresses only${ids.length === 0 ? '' : `; security groups ${ids.join(' ')}`}`,
  );
}

/** A first token is asked of nobody until it is set for good. */
export function withFirstToken(now: Protection, change: string | undefined): Protection {
  if (now.level !== 'off' || change === undefined) return now;
  return withPending(now, change === 'SETTING' ? 'on' : 'partial');
}

interface TlsSettings {
  readonly TransitEncryptionEnabled?: boolean | undefined;
  readonly TransitEncryptionMode?: string | undefined;
}

/** `preferred` accepts plaintext. memcached has no such mode: with TLS it takes nothing else. */
export function transitOf(engine: Engine, settings: TlsSettings, pending: TlsSettings | undefined): Protection {
  const { TransitEncryptionEnabled: enabled, TransitEncryptionMode: mode } = settings;
  const said = `TransitEncryptionEnabled=${String(enabled ?? 'absent')}, TransitEncryptionMode=${mode ?? 'absent'}`;
  const level = transitLevel(engine, settings);
  const now =
    level === 'on'
      ? declaredOn(said)
      : level === 'partial'
        ? declaredPartial(said)
        : level === 'off'
          ? declaredOff(said)
          : declaredUnknown(said);
  if (pending?.TransitEncryptionEnabled === undefined && pending?.TransitEncryptionMode === undefined) return now;
  return withPending(
    now,
    transitLevel(engine, {
      TransitEncryptionEnabled: pending.TransitEncryptionEnabled ?? enabled,
      TransitEncryptionMode: pending.TransitEncryptionMode ?? mode,
    }),
  );
}

function transitLevel(
  engine: Engine,
  { TransitEncryptionEnabled: on, TransitEncryptionMode: mode }: TlsSettings,
): Level {
  if (on === undefined) return 'unknown';
  if (!on) return 'off';
  if (mode === 'preferred') return 'partial';
  return mode === 'required' || engine === 'memcached' ? 'on' : 'unknown';
}

/** Slow and engine logs say what was done and not by whom: better than nothing, never an audit. */
export function logsOf(logs: readonly LogDeliveryConfiguration[] | undefined): Protection {
  if (logs === undefined) return declaredUnknown('LogDeliveryConfigurations absent');
  const written = logs.filter(({ Status: status }) => status !== undefined && WRITTEN.has(status));
  const said = logs.map((l) => `${l.LogType ?? 'log'} ${l.Status ?? 'absent'}`).join(', ');
  if (written.length === 0) {
    const now = declaredOff(`LogDeliveryConfigurations: ${said === '' ? 'none' : said}`);
    return logs.some((l) => l.Status === 'enabling') ? withPending(now, 'partial') : now;
  }
  const now = declaredPartial(`LogDeliveryConfigurations: ${said}`);
  return written.every((l) => l.Status === 'disabling') ? withPending(now, 'off') : now;
}
