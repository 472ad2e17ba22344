import { exchange, type Target } from './exchange.ts';

/**
 * What the search engines hold: names that a classifier must react to, values that must never show up in any
 * output (`CANARY-`). The incident's own kinds of record: accounts, Wi-Fi names, Alexa tokens, body metrics.
 */
export const PLANTED: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'device-users-prod': [
    {
      email: 'CANARY-1@example.invalid',
      wifi_ssid: 'CANARY-ssid-1',
      mac_address: 'CANARY-mac-1',
      camera_nickname: 'CANARY-a',
    },
    {
      email: 'CANARY-2@example.invalid',
      wifi_ssid: 'CANARY-ssid-2',
      mac_address: 'CANARY-mac-2',
      camera_nickname: 'CANARY-b',
    },
    { email: 'CANARY-3@example.invalid', address: { street: 'CANARY-street', postcode: 'CANARY-postcode' } },
  ],
  'alexa-tokens': [
    { user_id: 'CANARY-user-1', access_token: 'CANARY-token-1', refresh_token: 'CANARY-refresh-1' },
    { user_id: 'CANARY-user-2', access_token: 'CANARY-token-2', refresh_token: 'CANARY-refresh-2' },
  ],
  'body-metrics': [
    { user_id: 'CANARY-user-1', weight_kg: 1, bone_density: 1, gender: 'CANARY', birth_date: '1900-01-01' },
  ],
  '.kibana_1': [{ type: 'CANARY-config' }],
  'archive-2018': [{ note: 'CANARY-archived' }],
};

/** A closed index has no document count in `_cat/indices`; a probe must live with that. */
const CLOSED = 'archive-2018';

export async function plant(target: Target, account: string | undefined): Promise<void> {
  const ask = async (method: 'PUT' | 'POST', path: string, body?: unknown) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await exchange(target, { method, path, ...text, ...(account === undefined ? {} : { account }) });
    if (reply.status >= 300) throw new Error(`planting ${path}: ${reply.status} ${reply.body}`);
  };
  for (const [index, documents] of Object.entries(PLANTED)) {
    await ask('PUT', `/${index}`, { settings: { number_of_shards: 1, number_of_replicas: 0 } });
    for (const [position, document] of documents.entries()) {
      await ask('PUT', `/${index}/_doc/${position}?refresh=true`, document);
    }
  }
  await ask('POST', `/${CLOSED}/_close`);
}
