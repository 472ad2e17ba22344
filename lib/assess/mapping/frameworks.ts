/** Frameworks that objectives are mapped to, and where the list of each one's ids is from. Ids alone: titles are the publishers'. */
import type { ReportMapping } from '../../model/report-evidence.ts';

export const FRAMEWORKS: ReportMapping['frameworks'] = [
  {
    id: 'aws-fsbp',
    title: 'AWS Foundational Security Best Practices',
    version: 'Security Hub controls, 2026',
    source: 'AWS Security Hub user guide, 2026-11',
    verified: false,
  },
  { id: 'cis-aws', title: 'CIS AWS Foundations Benchmark', version: '7.0.0', source: 'CIS, 2026-11', verified: false },
  {
    id: 'gdpr',
    title: 'General Data Protection Regulation',
    version: 'Regulation (EU) 2016/679',
    source: 'Official Journal, 2016-05-04',
    verified: false,
  },
  {
    id: 'hipaa',
    title: 'HIPAA Security and Breach Notification Rules',
    version: '45 CFR 164',
    source: 'eCFR, 2026-11',
    verified: false,
  },
  { id: 'iso-27001', title: 'ISO/IEC 27001', version: '2022, Annex A', source: 'ISO/IEC 27001:2022', verified: false },
  {
    id: 'nist-800-53',
    title: 'NIST SP 800-53',
    version: 'Revision 5',
    source: 'NIST SP 800-53 Rev. 5',
    verified: false,
  },
  { id: 'nist-csf', title: 'NIST Cybersecurity Framework', version: '2.0', source: 'NIST CSWP 29', verified: false },
  { id: 'pci-dss', title: 'PCI DSS', version: '4.0.1', source: 'PCI SSC, 2024-06', verified: false },
  {
    id: 'soc-2',
    title: 'SOC 2, Trust Services Criteria',
    version: '2017 (2022 points of focus)',
    source: 'AICPA TSP 100',
    verified: false,
  },
];

export const MAPPING: ReportMapping = {
  version: '1',
  reviewer: 'ajar maintainers',
  reviewedOn: '2026-11-26',
  frameworks: FRAMEWORKS,
};
