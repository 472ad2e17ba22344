/**
 * Ids of each framework, ids alone, to catch a slip or one that was withdrawn. `checked`: read in a list of the publisher's own
 * (frameworks.ts says which and of when), where none of them is withdrawn. `unchecked`: written from knowledge or taken from
 * others; reports say so beside each. Where the framework is small its list is whole; of CIS only what is mapped.
 */
import type { FrameworkId } from '../../model/report-evidence.ts';

export const FRAMEWORK_LISTS: Readonly<Record<FrameworkId, { readonly checked: string; readonly unchecked: string }>> =
  {
    'aws-fsbp': {
      checked: `
    Account.1 ACM.1 APIGateway.1 APIGateway.2 APIGateway.3 APIGateway.4 APIGateway.5 APIGateway.8 APIGateway.9
    AutoScaling.1 AutoScaling.2 AutoScaling.3 AutoScaling.4 Autoscaling.5 AutoScaling.6 AutoScaling.9
    CloudFormation.1 CloudFront.1 CloudFront.2 CloudFront.3 CloudFront.4 CloudFront.5 CloudFront.6 CloudFront.7
    CloudFront.8 CloudFront.9 CloudFront.10 CloudFront.12 CloudTrail.1 CloudTrail.2 CloudTrail.4 CloudTrail.5
    CodeBuild.1 CodeBuild.2 CodeBuild.3 CodeBuild.4 CodeBuild.5 Config.1 DMS.1 DynamoDB.1 DynamoDB.2 DynamoDB.3
    EC2.1 EC2.2 EC2.3 EC2.4 EC2.6 EC2.7 EC2.8 EC2.9 EC2.10 EC2.15 EC2.16 EC2.17 EC2.18 EC2.19 EC2.20 EC2.21 EC2.22
    EC2.23 EC2.24 EC2.25 ECR.1 ECR.2 ECR.3 ECS.1 ECS.2 ECS.3 ECS.4 ECS.5 ECS.8 ECS.10 ECS.12 EFS.1 EFS.2 EFS.3 EFS.4
    EKS.2 ElastiCache.1 ElastiCache.2 ElastiCache.3 ElastiCache.4 ElastiCache.5 ElastiCache.6 ElastiCache.7
    ElasticBeanstalk.1 ElasticBeanstalk.2 ELB.1 ELB.2 ELB.3 ELB.4 ELB.5 ELB.6 ELB.7 ELB.8 ELB.9 ELB.10 ELB.12 ELB.13
    ELB.14 EMR.1 ES.1 ES.2 ES.3 ES.4 ES.5 ES.6 ES.7 ES.8 GuardDuty.1 IAM.1 IAM.2 IAM.3 IAM.4 IAM.5 IAM.6 IAM.7 IAM.8
    IAM.21 Kinesis.1 KMS.1 KMS.2 KMS.3 Lambda.1 Lambda.2 Lambda.5 NetworkFirewall.3 NetworkFirewall.4
    NetworkFirewall.5 NetworkFirewall.6 Opensearch.1 Opensearch.2 Opensearch.3 Opensearch.4 Opensearch.5
    Opensearch.6 Opensearch.7 Opensearch.8 RDS.1 RDS.2 RDS.3 RDS.4 RDS.5 RDS.6 RDS.7 RDS.8 RDS.9 RDS.10 RDS.11
    RDS.12 RDS.13 RDS.14 RDS.15 RDS.16 RDS.17 RDS.18 RDS.19 RDS.20 RDS.21 RDS.22 RDS.23 RDS.24 RDS.25 Redshift.1
    Redshift.2 Redshift.3 Redshift.4 Redshift.6 Redshift.7 Redshift.8 Redshift.9 S3.1 S3.2 S3.3 S3.4 S3.5 S3.6 S3.8
    S3.9 S3.10 S3.11 S3.12 S3.13 SageMaker.1 SageMaker.2 SageMaker.3 SecretsManager.1 SecretsManager.2
    SecretsManager.3 SecretsManager.4 SNS.1 SNS.2 SQS.1 SSM.1 SSM.2 SSM.3 SSM.4 WAF.1 WAF.2 WAF.3 WAF.4 WAF.6 WAF.7
    WAF.8 WAF.10`,
      unchecked: `
    DMS.10 DMS.11 DMS.12 DMS.9 DocumentDB.1 DocumentDB.3 DocumentDB.4 DocumentDB.6 EKS.1 ELB.17 ELB.18 EMR.2 MSK.1
    MSK.3 MSK.4 MSK.5 MSK.6 Neptune.1 Neptune.2 Neptune.3 Neptune.6 Neptune.7 RDS.27 RDS.34 RDS.36 RDS.37 RDS.38
    RDS.39 RDS.40 RDS.41 RDS.42 RDS.43 RDS.44 RDS.45 RDS.46 Redshift.10 Redshift.15 RedshiftServerless.2
    RedshiftServerless.3 S3.15`,
    },
    'cis-aws': {
      checked: '',
      unchecked: `
    2.21 3.1.1 3.2.1 3.2.3 4.1 4.2 4.3 4.5 4.7 5.10 5.11 5.12 5.13 5.14 5.16 5.9 6.2 6.3 6.4 6.5`,
    },
    gdpr: {
      checked: '',
      unchecked: `
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40
    41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77
    78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 5(1)(a) 5(1)(b) 5(1)(c) 5(1)(d) 5(1)(e)
    5(1)(f) 5(2) 25(1) 25(2) 25(3) 32(1)(a) 32(1)(b) 32(1)(c) 32(1)(d) 32(2) 32(3) 32(4) 33(1) 33(2) 33(3) 33(4)
    33(5) 34(1) 34(2) 34(3) 34(4)`,
    },
    hipaa: {
      checked: '',
      unchecked: `
    164.306(a) 164.306(b) 164.306(c) 164.306(d)(1) 164.306(d)(2) 164.306(d)(3) 164.306(e) 164.308(a)(1)(i)
    164.308(a)(1)(ii)(A) 164.308(a)(1)(ii)(B) 164.308(a)(1)(ii)(C) 164.308(a)(1)(ii)(D) 164.308(a)(2)
    164.308(a)(3)(i) 164.308(a)(3)(ii)(A) 164.308(a)(3)(ii)(B) 164.308(a)(3)(ii)(C) 164.308(a)(4)(i)
    164.308(a)(4)(ii)(A) 164.308(a)(4)(ii)(B) 164.308(a)(4)(ii)(C) 164.308(a)(5)(i) 164.308(a)(5)(ii)(A)
    164.308(a)(5)(ii)(B) 164.308(a)(5)(ii)(C) 164.308(a)(5)(ii)(D) 164.308(a)(6)(i) 164.308(a)(6)(ii)
    164.308(a)(7)(i) 164.308(a)(7)(ii)(A) 164.308(a)(7)(ii)(B) 164.308(a)(7)(ii)(C) 164.308(a)(7)(ii)(D)
    164.308(a)(7)(ii)(E) 164.308(a)(8) 164.308(b)(1) 164.308(b)(2) 164.308(b)(3) 164.310(a)(1) 164.310(a)(2)(i)
    164.310(a)(2)(ii) 164.310(a)(2)(iii) 164.310(a)(2)(iv) 164.310(b) 164.310(c) 164.310(d)(1) 164.310(d)(2)(i)
    164.310(d)(2)(ii) 164.310(d)(2)(iii) 164.310(d)(2)(iv) 164.312(a)(1) 164.312(a)(2)(i) 164.312(a)(2)(ii)
    164.312(a)(2)(iii) 164.312(a)(2)(iv) 164.312(b) 164.312(c)(1) 164.312(c)(2) 164.312(d) 164.312(e)(1)
    164.312(e)(2)(i) 164.312(e)(2)(ii) 164.314(a)(1) 164.314(a)(2) 164.314(b)(1) 164.314(b)(2) 164.316(a)
    164.316(b)(1) 164.316(b)(2)(i) 164.316(b)(2)(ii) 164.316(b)(2)(iii) 164.400 164.402 164.404 164.406 164.408
    164.410 164.412 164.414`,
    },
    'iso-27001': {
      checked: '',
      unchecked: `
    A.5.1 A.5.2 A.5.3 A.5.4 A.5.5 A.5.6 A.5.7 A.5.8 A.5.9 A.5.10 A.5.11 A.5.12 A.5.13 A.5.14 A.5.15 A.5.16 A.5.17
    A.5.18 A.5.19 A.5.20 A.5.21 A.5.22 A.5.23 A.5.24 A.5.25 A.5.26 A.5.27 A.5.28 A.5.29 A.5.30 A.5.31 A.5.32 A.5.33
    A.5.34 A.5.35 A.5.36 A.5.37 A.6.1 A.6.2 A.6.3 A.6.4 A.6.5 A.6.6 A.6.7 A.6.8 A.7.1 A.7.2 A.7.3 A.7.4 A.7.5 A.7.6
    A.7.7 A.7.8 A.7.9 A.7.10 A.7.11 A.7.12 A.7.13 A.7.14 A.8.1 A.8.2 A.8.3 A.8.4 A.8.5 A.8.6 A.8.7 A.8.8 A.8.9
    A.8.10 A.8.11 A.8.12 A.8.13 A.8.14 A.8.15 A.8.16 A.8.17 A.8.18 A.8.19 A.8.20 A.8.21 A.8.22 A.8.23 A.8.24 A.8.25
    A.8.26 A.8.27 A.8.28 A.8.29 A.8.30 A.8.31 A.8.32 A.8.33 A.8.34`,
    },
    'nist-800-53': {
      checked: `
    AC-1 AC-2 AC-2(1) AC-2(2) AC-2(3) AC-2(4) AC-2(5) AC-2(11) AC-2(12) AC-2(13) AC-3 AC-4 AC-4(4) AC-5 AC-6 AC-6(1)
    AC-6(2) AC-6(3) AC-6(5) AC-6(7) AC-6(9) AC-6(10) AC-7 AC-8 AC-10 AC-11 AC-11(1) AC-12 AC-14 AC-17 AC-17(1)
    AC-17(2) AC-17(3) AC-17(4) AC-18 AC-18(1) AC-18(3) AC-18(4) AC-18(5) AC-19 AC-19(5) AC-20 AC-20(1) AC-20(2)
    AC-21 AC-22 AT-1 AT-2 AT-2(2) AT-2(3) AT-3 AT-4 AU-1 AU-2 AU-3 AU-3(1) AU-4 AU-5 AU-5(1) AU-5(2) AU-6 AU-6(1)
    AU-6(3) AU-6(5) AU-6(6) AU-7 AU-7(1) AU-8 AU-9 AU-9(2) AU-9(3) AU-9(4) AU-10 AU-11 AU-12 AU-12(1) AU-12(3) CA-1
    CA-2 CA-2(1) CA-2(2) CA-3 CA-3(6) CA-5 CA-6 CA-7 CA-7(1) CA-7(4) CA-8 CA-8(1) CA-9 CM-1 CM-2 CM-2(2) CM-2(3)
    CM-2(7) CM-3 CM-3(1) CM-3(2) CM-3(4) CM-3(6) CM-4 CM-4(1) CM-4(2) CM-5 CM-5(1) CM-6 CM-6(1) CM-6(2) CM-7 CM-7(1)
    CM-7(2) CM-7(5) CM-8 CM-8(1) CM-8(2) CM-8(3) CM-8(4) CM-9 CM-10 CM-11 CM-12 CM-12(1) CP-1 CP-2 CP-2(1) CP-2(2)
    CP-2(3) CP-2(5) CP-2(8) CP-3 CP-3(1) CP-4 CP-4(1) CP-4(2) CP-6 CP-6(1) CP-6(2) CP-6(3) CP-7 CP-7(1) CP-7(2)
    CP-7(3) CP-7(4) CP-8 CP-8(1) CP-8(2) CP-8(3) CP-8(4) CP-9 CP-9(1) CP-9(2) CP-9(3) CP-9(5) CP-9(8) CP-10 CP-10(2)
    CP-10(4) IA-1 IA-2 IA-2(1) IA-2(2) IA-2(5) IA-2(8) IA-2(12) IA-3 IA-4 IA-4(4) IA-5 IA-5(1) IA-5(2) IA-5(6) IA-6
    IA-7 IA-8 IA-8(1) IA-8(2) IA-8(4) IA-11 IA-12 IA-12(2) IA-12(3) IA-12(4) IA-12(5) IR-1 IR-2 IR-2(1) IR-2(2) IR-3
    IR-3(2) IR-4 IR-4(1) IR-4(4) IR-4(11) IR-5 IR-5(1) IR-6 IR-6(1) IR-6(3) IR-7 IR-7(1) IR-8 MA-1 MA-2 MA-2(2) MA-3
    MA-3(1) MA-3(2) MA-3(3) MA-4 MA-4(3) MA-5 MA-5(1) MA-6 MP-1 MP-2 MP-3 MP-4 MP-5 MP-6 MP-6(1) MP-6(2) MP-6(3)
    MP-7 PE-1 PE-2 PE-3 PE-3(1) PE-4 PE-5 PE-6 PE-6(1) PE-6(4) PE-8 PE-8(1) PE-9 PE-10 PE-11 PE-11(1) PE-12 PE-13
    PE-13(1) PE-13(2) PE-14 PE-15 PE-15(1) PE-16 PE-17 PE-18 PL-1 PL-2 PL-4 PL-4(1) PL-8 PL-10 PL-11 PS-1 PS-2 PS-3
    PS-4 PS-4(2) PS-5 PS-6 PS-7 PS-8 PS-9 RA-1 RA-2 RA-3 RA-3(1) RA-5 RA-5(2) RA-5(4) RA-5(5) RA-5(11) RA-7 RA-9
    SA-1 SA-2 SA-3 SA-4 SA-4(1) SA-4(2) SA-4(5) SA-4(9) SA-4(10) SA-5 SA-8 SA-9 SA-9(2) SA-10 SA-11 SA-15 SA-15(3)
    SA-16 SA-17 SA-21 SA-22 SC-1 SC-2 SC-3 SC-4 SC-5 SC-7 SC-7(3) SC-7(4) SC-7(5) SC-7(7) SC-7(8) SC-7(18) SC-7(21)
    SC-8 SC-8(1) SC-10 SC-12 SC-12(1) SC-13 SC-15 SC-17 SC-18 SC-20 SC-21 SC-22 SC-23 SC-24 SC-28 SC-28(1) SC-39
    SI-1 SI-2 SI-2(2) SI-3 SI-4 SI-4(2) SI-4(4) SI-4(5) SI-4(10) SI-4(12) SI-4(14) SI-4(20) SI-4(22) SI-5 SI-5(1)
    SI-6 SI-7 SI-7(1) SI-7(2) SI-7(5) SI-7(7) SI-7(15) SI-8 SI-8(2) SI-10 SI-11 SI-12 SI-16 SR-1 SR-2 SR-2(1) SR-3
    SR-5 SR-6 SR-8 SR-9 SR-9(1) SR-10 SR-11 SR-11(1) SR-11(2) SR-12`,
      unchecked: `
    AC-3(7) AC-4(21) CM-3(5) PM-5 SC-23(3) SC-7(11) SC-7(16) SC-7(20) SC-7(9) SC-8(2)`,
    },
    'nist-csf': {
      checked: `
    GV.OC-01 GV.OC-02 GV.OC-03 GV.OC-04 GV.OC-05 GV.PO-01 GV.PO-02 GV.OV-01 GV.OV-02 GV.OV-03 GV.SC-05 GV.SC-06
    GV.SC-07 GV.SC-08 GV.SC-09 GV.SC-10 ID.AM-01 ID.AM-02 ID.AM-03 ID.AM-04 ID.AM-05 ID.AM-07 ID.AM-08 ID.RA-01
    ID.RA-02 ID.RA-03 ID.RA-04 ID.RA-05 ID.RA-06 ID.RA-07 ID.RA-08 ID.RA-09 ID.RA-10 ID.IM-01 ID.IM-02 ID.IM-03
    ID.IM-04 PR.AA-01 PR.AA-02 PR.AA-03 PR.AA-04 PR.AA-05 PR.AA-06 PR.AT-01 PR.AT-02 PR.DS-01 PR.DS-02 PR.DS-10
    PR.DS-11 PR.PS-01 PR.PS-02 PR.PS-03 PR.PS-04 PR.PS-05 PR.PS-06 PR.IR-01 PR.IR-02 PR.IR-03 PR.IR-04 DE.CM-01
    DE.CM-02 DE.CM-03 DE.CM-06 DE.CM-09 DE.AE-02 DE.AE-03 DE.AE-04 DE.AE-06 DE.AE-07 DE.AE-08 RS.MA-01 RS.MA-02
    RS.MA-03 RS.MA-04 RS.MA-05 RS.AN-03 RS.AN-06 RS.AN-07 RS.AN-08 RS.CO-02 RS.CO-03 RS.MI-01 RS.MI-02`,
      unchecked: `
    GV.RM-01 GV.RM-02 GV.RM-03 GV.RM-04 GV.RM-05 GV.RM-06 GV.RM-07 GV.RR-01 GV.RR-02 GV.RR-03 GV.RR-04 GV.SC-01
    GV.SC-02 GV.SC-03 GV.SC-04 RC.RP-01 RC.RP-02 RC.RP-03 RC.RP-04 RC.RP-05 RC.RP-06 RC.CO-03 RC.CO-04`,
    },
    'pci-dss': {
      checked: '',
      unchecked: `
    1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.6 1.2.7 1.2.8 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5
    1.5.1 2.1.1 2.1.2 2.2.1 2.2.2 2.2.3 2.2.4 2.2.5 2.2.6 2.2.7 2.3.1 2.3.2 3.1.1 3.1.2 3.2.1 3.3.1 3.3.2 3.3.3
    3.4.1 3.4.2 3.5.1 3.6.1 3.7.1 3.7.2 3.7.3 3.7.4 3.7.5 3.7.6 3.7.7 3.7.8 3.7.9 4.1.1 4.1.2 4.2.1 4.2.2 5.1.1
    5.1.2 5.2.1 5.2.2 5.2.3 5.3.1 5.3.2 5.3.3 5.3.4 5.3.5 5.4.1 6.1.1 6.1.2 6.2.1 6.2.2 6.2.3 6.2.4 6.3.1 6.3.2
    6.3.3 6.4.1 6.4.2 6.4.3 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.5.6 7.1.1 7.1.2 7.2.1 7.2.2 7.2.3 7.2.4 7.2.5 7.2.6
    7.3.1 7.3.2 7.3.3 8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.2.4 8.2.5 8.2.6 8.2.7 8.2.8 8.3.1 8.3.2 8.3.3 8.3.4 8.3.5
    8.3.6 8.3.7 8.3.8 8.3.9 8.3.10 8.3.11 8.4.1 8.4.2 8.4.3 8.5.1 8.6.1 8.6.2 8.6.3 9.1.1 9.1.2 9.2.1 9.2.2 9.2.3
    9.2.4 9.3.1 9.3.2 9.3.3 9.3.4 9.4.1 9.4.2 9.4.3 9.4.4 9.4.5 9.4.6 9.4.7 9.5.1 10.1.1 10.1.2 10.2.1 10.2.2 10.3.1
    10.3.2 10.3.3 10.3.4 10.4.1 10.4.2 10.4.3 10.5.1 10.6.1 10.6.2 10.6.3 10.7.1 10.7.2 10.7.3 11.1.1 11.1.2 11.2.1
    11.2.2 11.3.1 11.3.2 11.4.1 11.4.2 11.4.3 11.4.4 11.4.5 11.4.6 11.4.7 11.5.1 11.5.2 11.6.1 12.1.1 12.1.2 12.1.3
    12.1.4 12.2.1 12.3.1 12.3.2 12.3.3 12.3.4 12.4.1 12.4.2 12.5.1 12.5.2 12.5.3 12.6.1 12.6.2 12.6.3 12.7.1 12.8.1
    12.8.2 12.8.3 12.8.4 12.8.5 12.9.1 12.9.2 12.10.1 12.10.2 12.10.3 12.10.4 12.10.5 12.10.6 12.10.7 A1.1.1 A1.1.2
    A1.1.3 A1.1.4 A1.2.1 A1.2.2 A1.2.3`,
    },
    'soc-2': {
      checked: '',
      unchecked: `
    CC1.1 CC1.2 CC1.3 CC1.4 CC1.5 CC2.1 CC2.2 CC2.3 CC3.1 CC3.2 CC3.3 CC3.4 CC4.1 CC4.2 CC5.1 CC5.2 CC5.3 CC6.1
    CC6.2 CC6.3 CC6.4 CC6.5 CC6.6 CC6.7 CC6.8 CC7.1 CC7.2 CC7.3 CC7.4 CC7.5 CC8.1 CC9.1 CC9.2 A1.1 A1.2 A1.3 C1.1
    C1.2 PI1.1 PI1.2 PI1.3 PI1.4 PI1.5 P1.1 P2.1 P3.1 P3.2 P4.1 P4.2 P4.3 P5.1 P5.2 P6.1 P6.2 P6.3 P6.4 P6.5 P6.6
    P6.7 P7.1 P8.1`,
    },
  };
