/** A small valid change with overrides. */
import type { Change } from '../../lib/model/change.ts';
import { ACCOUNT, REGION } from './sample.ts';

export function aChange(over: Partial<Change> = {}): Change {
  return {
    id: 'e1',
    at: '2026-12-04T10:00:00.000Z',
    account: ACCOUNT,
    region: REGION,
    source: 'rds.amazonaws.com',
    name: 'ModifyDBInstance',
    kind: 'change',
    touched: ['rds:db/orders'],
    services: ['rds'],
    actor: { who: 'arn:aws:iam::111122223333:user/alice', type: 'IAMUser', channel: 'cli' },
    ...over,
  };
}
