import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { openTable } from '../../lib/stores/dynamodb-access.ts';
import { openNotes } from '../../lib/stores/dynamodb-notes.ts';
import { dynoxide, startDynamo } from './dynamodb-server.ts';

const program = dynoxide();

describe.runIf(program === undefined)('notes', () => {
  it.skip('are not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('notes', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  const notes = openNotes(openTable(client, await server.table()));
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it('are nothing before they are saved, and then what was saved last, each by its key', async () => {
    expect(await notes.read('a')).toBeUndefined();
    await notes.save('a', { n: 1 });
    await notes.save('b', {});
    await notes.save('a', { n: 2, list: ['x', null, true] });
    expect([await notes.read('a'), await notes.read('b')]).toEqual([{ n: 2, list: ['x', null, true] }, {}]);
  });

  it('are whole where they do not fit one item', async () => {
    const large = { text: randomBytes(600_000).toString('base64') };
    await notes.save('large', large);
    expect(await notes.read('large')).toEqual(large);
    await notes.save('large', { text: 'small' });
    expect(await notes.read('large')).toEqual({ text: 'small' });
  });
});
