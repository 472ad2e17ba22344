/** The table's stream, read as Lambda's poller reads it. Both stand-ins have one; the SDK's client for it is not installed. */
import { OWN, REGION } from './stack.ts';

export interface StreamRecord {
  readonly eventName: string;
  readonly dynamodb: { readonly Keys?: { readonly pk?: { readonly S?: string } } };
}

export interface Stream {
  /** What was written since the last time. */
  next(): Promise<readonly StreamRecord[]>;
}

export async function openStream(url: string, StreamArn: string): Promise<Stream> {
  const { StreamDescription } = await call(url, 'DescribeStream', { StreamArn });
  const { Shards } = StreamDescription as { Shards: readonly { ShardId: string }[] };
  const ShardId = Shards[0]?.ShardId;
  const started = await call(url, 'GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  let iterator = started['ShardIterator'];
  return {
    async next() {
      const answer = await call(url, 'GetRecords', { ShardIterator: iterator, Limit: 1_000 });
      iterator = answer['NextShardIterator'] ?? iterator;
      return answer['Records'] as readonly StreamRecord[];
    },
  };
}

async function call(url: string, action: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${action}`,
      'x-amz-date': '20261204T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${OWN.accessKeyId}/20261204/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${action}: HTTP ${answer.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
