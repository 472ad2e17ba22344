import { loadSettings } from '../runtime/config.ts';
import { readEndpoints } from '../runtime/local.ts';
import { inventoryOptions } from './options.ts';
import { out } from './terminal.ts';

const EXAMPLE = `
An inventory file:
  version: 1
  endpoints:
    - id: device-analytics            # yours, stable; reports and alerts quote it
      host: es.example.com
      port: 9200
      engine: elasticsearch           # elasticsearch opensearch postgres mysql mariadb redis valkey mongodb memcached
      account: "111122223333"         # in quotes: 12 digits of text
      region: us-east-1
      declared:                       # what the configuration promises; leave out what you do not know
        network: off                  # on: closed to the internet, off: open to it
        authentication: on
        tls: on

Examples:
  $ ajar inventory --file inventory.yaml
  $ ajar inventory --file a.yaml --file b.yaml | ajar probe --in -
`;

export function inventoryCommand() {
  return inventoryOptions('inventory')
    .description('read and check the inventory; print endpoints as NDJSON')
    .addHelpText('after', EXAMPLE)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      for (const endpoint of await readEndpoints(settings.files)) out(`${JSON.stringify(endpoint)}\n`);
    });
}
