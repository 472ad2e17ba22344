/**
 * The one table of the DynamoDB store, as tests create it and as serverless.yml declares it. On demand; every item is
 * found by `pk` and `sk`, and lists that decisions rest on are partitions of the table itself, read consistently.
 *
 * | partition | sort key | item |
 * |---|---|---|
 * | `S#<shard>` | endpoint id | state: the roster is these partitions |
 * | `D#<scoped key>` | endpoint id | an endpoint that may depend on it (byDependency, aws-services.md section 5.6) |
 * | `R#<page>` | `-` | visits without news, of the endpoints whose states name that page; `expires` |
 * | `I#<shard>` | incident id | incident; in the index while it is open |
 * | `O#<notice key>` | sink | notice owed, in the index by when it is due; once settled a mark that `expires` |
 * | `J` | time, token | ledger lines that are committed and not yet in the chain |
 * | `L` | `head`, or the first sequence | head of the chain; a block of it |
 * | `B#<key>` | `-` | connection budget |
 * | `A#<shard>` | account/region | what the sweeps remember of a place |
 * | `C#<event id>` | `-` | change; `expires` |
 * | `K#<scoped key or cell>` | time, event id | a change that touched it; `expires` |
 * | `N#<key>` | `-` | note: what guard has told of |
 * | `+` and the above | the above and a number | the rest of a document that does not fit one item |
 */
import type { CreateTableCommandInput, UpdateTimeToLiveCommandInput } from '@aws-sdk/client-dynamodb';

/** Sparse: only notices owed and open incidents have `list` and `rank`. Eventually consistent, so each hit is read again. */
export const OUTSTANDING_INDEX = 'outstanding';
/** Epoch seconds: only changes, notices that were settled, and pages that nobody writes on any more. Never evidence. */
const TTL_ATTRIBUTE = 'expires';

export function dynamoTable(name: string): {
  readonly create: CreateTableCommandInput;
  readonly timeToLive: UpdateTimeToLiveCommandInput;
} {
  const attributes = ['pk', 'sk', 'list', 'rank'] as const;
  return {
    create: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: OUTSTANDING_INDEX,
          KeySchema: [
            { AttributeName: 'list', KeyType: 'HASH' },
            { AttributeName: 'rank', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    },
    timeToLive: { TableName: name, TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true } },
  };
}

/** Partition keys of notices; the pattern for a stream filter is `{"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"O#"}]}}}}`. */
export const NOTICE_PREFIX = 'O#';

/** Whether a stream record's `dynamodb.Keys` are those of a notice. With `eventName` INSERT it is one that is newly owed. */
export function isOwedNotice(keys: { readonly pk?: { readonly S?: string | undefined } } | undefined): boolean {
  return keys?.pk?.S?.startsWith(NOTICE_PREFIX) === true;
}
