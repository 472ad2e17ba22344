/** The table as a whole: what it holds, kept and put back, so that a story can begin again at the same moment. */
import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

export async function readTable(client: DynamoDBClient, TableName: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

/** Exactly these, whatever was there. */
export async function putBack(client: DynamoDBClient, table: string, kept: readonly Item[]): Promise<void> {
  const keyOf = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);
  const keys = new Set(kept.map(keyOf));
  const surplus = (await readTable(client, table)).filter((item) => !keys.has(keyOf(item)));
  const requests = [
    ...surplus.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } as Item } })),
    ...kept.map((Item) => ({ PutRequest: { Item } })),
  ];
  for (let i = 0; i < requests.length; i += 25) {
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests.slice(i, i + 25) } }));
  }
}
