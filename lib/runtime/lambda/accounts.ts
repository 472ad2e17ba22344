/** Accounts and regions of the deployed ajar, for the stages that plan; the inventory's own settings. */
import { AjarError } from '../../model/errors.ts';
import { type AwsAccounts, openAwsAccounts } from '../aws-accounts.ts';
import type { AwsInventorySettings } from '../aws.ts';
import { listSetting, optionalSetting, setting } from './environment.ts';
import { onceAsync } from './once.ts';

export function inventorySettings(): AwsInventorySettings {
  return {
    region: setting('AWS_REGION'),
    role: optionalSetting('AJAR_ROLE'),
    externalId: optionalSetting('AJAR_EXTERNAL_ID'),
    sessionName: 'ajar',
    accounts: listSetting('AJAR_ACCOUNTS'),
    regions: listSetting('AJAR_REGIONS'),
    endpoint: optionalSetting('AWS_ENDPOINT_URL'),
    maxAttempts: 5,
    requestTimeoutMs: 30_000,
  };
}

export const accounts = onceAsync(
  (): Promise<AwsAccounts> => openAwsAccounts(inventorySettings(), { now: () => new Date() }, noNetwork),
);

/** Planning describes nothing. */
async function noNetwork(): Promise<never> {
  throw new AjarError('invariant', 'the network is not read where accounts are listed');
}
