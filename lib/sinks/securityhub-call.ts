/** A call of Security Hub. By itself, so that its client is read where something is imported: it knows a hundred kinds of resources. */
import { type AwsSecurityFinding, BatchImportFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Finding } from '../model/asff.ts';

export function importOf(findings: readonly Finding[]): BatchImportFindingsCommand {
  // Held to the format by its own test (lib/model/asff.ts), and by the service.
  return new BatchImportFindingsCommand({ Findings: findings as unknown as AwsSecurityFinding[] });
}
