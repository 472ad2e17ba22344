/** Frameworks that objectives are mapped to, and where the list of each one's ids is from. Ids alone: titles are the publishers'. */
import type { ReportMapping } from '../../model/report-evidence.ts';

type Framework = Omit<ReportMapping['frameworks'][number], 'verified'>;

const SPEC = 'not checked against the publisher';

export const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'aws-fsbp',
    title: 'AWS Foundational Security Best Practices',
    version: 'AWS Security Hub controls',
    source: 'AWS Security Hub user guide, list of controls of 2023-06; ids that are younger are not checked',
  },
  {
    id: 'cis-aws',
    title: 'CIS AWS Foundations Benchmark',
    version: '7.0.0',
    source: `numbers as other tools give them; ${SPEC}`,
  },
  {
    id: 'gdpr',
    title: 'General Data Protection Regulation',
    version: 'Regulation (EU) 2016/679',
    source: `articles and paragraphs from knowledge; ${SPEC}`,
  },
  {
    id: 'hipaa',
    title: 'HIPAA Security and Breach Notification Rules',
    version: '45 CFR part 164',
    source: `sections from knowledge; ${SPEC}`,
  },
  {
    id: 'iso-27001',
    title: 'ISO/IEC 27001 Annex A',
    version: '2022',
    source: `numbers of controls from knowledge; ${SPEC}`,
  },
  {
    id: 'nist-800-53',
    title: 'NIST SP 800-53',
    version: 'Revision 5',
    source: 'NIST OSCAL content, high baseline profile of 2021-06-08; enhancements outside it are not checked',
  },
  {
    id: 'nist-csf',
    title: 'NIST Cybersecurity Framework',
    version: '2.0',
    source: 'NIST OSCAL content, CSF 2.0 catalogue, read 2026-11-26; withdrawn ids left out',
  },
  { id: 'pci-dss', title: 'PCI DSS', version: '4.0.1', source: `numbers of requirements from knowledge; ${SPEC}` },
  {
    id: 'soc-2',
    title: 'SOC 2 Trust Services Criteria',
    version: '2017, points of focus 2022',
    source: `numbers of criteria from knowledge; ${SPEC}`,
  },
];

/** A change of the map or of a list is another version. */
export const MAPPING_VERSION = { version: '1', reviewer: 'the maintainers of ajar', reviewedOn: '2026-11-26' };
