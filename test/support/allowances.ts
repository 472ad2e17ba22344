/** Text of allowlist files, an entry each: what differs is said, the rest is in order. */
import { stringify } from 'yaml';

const PLAIN = {
  id: 'door',
  owner: 'team@example.com',
  reason: 'Devices in the field reach it with credentials.',
  ticket: 'SEC-1',
  approvedBy: ['security@example.com'],
  approvedOn: '2026-11-01',
  expires: '2026-12-31',
  match: { accounts: ['111122223333'], hostnames: ['db.example.com'], protocols: ['redis'] },
  permit: { reachable: 'from-internet' },
};

export const GLASS = {
  anonymous: 'read',
  from: '2026-11-26T10:00:00Z',
  maxHours: 4,
  secondApprover: 'ciso@example.com',
};

export function entryWith(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...PLAIN, ...overrides };
}

export function glassEntry(glass: Readonly<Record<string, unknown>> = {}, overrides: Record<string, unknown> = {}) {
  return entryWith({ permit: { reachable: 'from-internet', breakGlass: { ...GLASS, ...glass } }, ...overrides });
}

export function fileOf(...entries: readonly Record<string, unknown>[]): string {
  const style = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', aliasDuplicateObjects: false } as const;
  return stringify({ version: 1, entries }, style);
}
