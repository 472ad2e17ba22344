/** What a loaded table leaves out of its answers is asked for again, and never taken for absent. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { openTable } from '../../lib/stores/dynamodb-access.ts';

const aws = mockClient(DynamoDBDocumentClient);
afterEach(() => aws.reset());
const table = openTable(new DynamoDBClient({ region: 'eu-west-1' }), 't');
const keys = Array.from({ length: 250 }, (_, n) => ({ pk: 'S', sk: String(n) }));

interface Asked {
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly { readonly sk: string }[] }>>;
}

/** Gives so many of the items that it is asked for, all but every tenth of which there are. */
function answering(most: number): void {
  aws.on(BatchGetCommand).callsFake(({ RequestItems }: Asked) => {
    const wanted = RequestItems?.['t']?.Keys ?? [];
    const left = wanted.slice(most);
    return {
      Responses: { t: wanted.slice(0, most).filter(({ sk }) => !sk.endsWith('0')) },
      UnprocessedKeys: left.length === 0 ? {} : { t: { Keys: left } },
    };
  });
}

describe('items left out of an answer', () => {
  it('are asked for until all have come; what is not there is not there', async () => {
    answering(40);
    const found = await table.getAll(keys);
    expect(found.map((item) => item?.['sk'])).toEqual(keys.map(({ sk }) => (sk.endsWith('0') ? undefined : sk)));
    expect(aws.commandCalls(BatchGetCommand)).toHaveLength(3 + 3 + 2);
  });

  it('in ten answers in a row are an error, not an absence', async () => {
    answering(0);
    await expect(table.getAll(keys.slice(0, 3))).rejects.toMatchObject({
      code: 'store-unavailable',
      message: 'table t left items out of 10 answers in a row',
    });
    expect(aws.commandCalls(BatchGetCommand)).toHaveLength(10);
  });
});
