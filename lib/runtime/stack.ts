/**
 * What a deployed stack says of itself, by its outputs: where its record is, and the role that may read it. The role is assumed
 * where the stack has one, so that whoever reports needs to hold no more than that.
 */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { AjarError } from '../model/errors.ts';
import { badInput } from './config.ts';

export interface Stack {
  readonly table: string;
  /** Where its allowlist lies, `s3://…`. */
  readonly allowlist: string;
  /** Bucket of reports and sealed ledger. */
  readonly evidence: string;
  readonly region?: string;
  /** Of the auditor's role; absent where the stack has none: then those of this shell. */
  readonly credentials?: ReturnType<typeof fromTemporaryCredentials>;
}

const SESSION = 'ajar-audit';

/** Throws `bad-input` where there is no such stack, or it is none of ajar's. */
export async function findStack(name: string, region: string | undefined): Promise<Stack> {
  const place = region === undefined ? {} : { region };
  const client = new CloudFormationClient(place);
  try {
    const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = new Map((found?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    const [table, allowlist, evidence] = ['TableName', 'AllowlistUri', 'EvidenceBucketName'].map((key) =>
      outputs.get(key),
    );
    if (table === undefined || allowlist === undefined || evidence === undefined)
      throw badInput(
        [`--stack ${name}: a stack, but not one of ajar's of this release`],
        'deploy it again, or pass --table',
      );
    const RoleArn = outputs.get('AuditorRoleArn');
    const credentials =
      RoleArn === undefined
        ? {}
        : {
            credentials: fromTemporaryCredentials({
              params: { RoleArn, RoleSessionName: SESSION },
              clientConfig: place,
            }),
          };
    return { table, allowlist, evidence, ...place, ...credentials };
  } catch (error) {
    if (error instanceof AjarError) throw error;
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw badInput(
      [`--stack ${name}: ${why}`],
      'name a stack of this account and region, with credentials that may read it',
    );
  } finally {
    client.destroy();
  }
}
