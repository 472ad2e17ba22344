/** Also of lib/aws/balancers.ts. */
import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../../lib/collectors/load-balancers.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { ALB, answerBalancers, balancer, forward, NLB, type Site } from '../support/balancers.ts';
import { NETWORK, networkWith, privateInterface } from '../support/fronts.ts';

const aws = mockClient(ElasticLoadBalancingV2Client);
afterEach(() => aws.reset());

const answer = (site: Site = {}) => answerBalancers(aws, site);

describe('load balancers in front of data stores', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer({ balancers: [] });
    const { endpoints, status, cell } = await collectWith(loadBalancers);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['elasticloadbalancing:DescribeLoadBalancers']]);
  });

  it('finds a network balancer without groups that shows Elasticsearch to the world', async () => {
    answer();
    const { endpoints, status } = await collectWith(loadBalancers, { network: NETWORK });
    expect(status).toBe('complete');
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/load-balancers/front/9200',
      host: 'front-50dc.elb.us-east-1.amazonaws.com',
      port: 9200,
      engine: 'elasticsearch',
      arn: NLB,
      incarnation: 'listener-1',
      foundBy: ['balancer'],
    });
    expect(levels(endpoints[0]!)).toEqual({ network: 'off', tls: 'unknown' });
    expect(endpoints[0]?.declared.network?.evidence).toMatch(
      /^leads to 10\.0\.0\.5:9200 \(target group search\); open to WORLD/,
    );
  });

  it('leaves out what leads to no data store, what is internal, and what is not TCP', async () => {
    answer({ group: { Port: 80 }, targets: [{ Id: '10.0.0.5', Port: 80 }], listener: { Port: 443 } });
    expect((await collectWith(loadBalancers)).endpoints).toEqual([]);
    answer({ balancers: [balancer({ Scheme: 'internal' }), balancer({ Type: 'gateway' })] });
    expect((await collectWith(loadBalancers)).endpoints).toEqual([]);
    answer({ listener: { Protocol: 'UDP' } });
    expect((await collectWith(loadBalancers)).endpoints).toEqual([]);
    answer({ listener: { DefaultActions: [{ Type: 'fixed-response' }] } });
    expect((await collectWith(loadBalancers)).endpoints).toEqual([]);
  });

  it('finds an OpenSearch domain of a VPC behind port 443, by the interface that holds the address', async () => {
    const domain = privateInterface('10.0.0.5', { RequesterId: 'amazon-elasticsearch', Description: 'ES audit' });
    answer({
      listener: { Port: 443, Protocol: 'TLS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
      targets: [{ Id: '10.0.0.5', Port: 443 }],
    });
    const { endpoints } = await collectWith(loadBalancers, { network: networkWith(domain) });
    expect(endpoints[0]).toMatchObject({ port: 443, engine: 'opensearch', declared: { tls: { level: 'on' } } });
  });

  it.each([
    ['TCP', 'unidentified'],
    ['HTTP', 'http'],
  ] as const)('does not guess what a managed store behind %s on an odd port is', async (Protocol, engine) => {
    const store = privateInterface('10.0.0.5', { RequesterId: 'amazon-rds' });
    answer({ listener: { Port: 8443, Protocol }, targets: [{ Id: '10.0.0.5', Port: 8443 }] });
    const { endpoints } = await collectWith(loadBalancers, { network: networkWith(store) });
    expect(endpoints).toMatchObject([{ engine }]);
  });

  it('finds a data store on an instance, and behind the rules of an application balancer', async () => {
    answer({ group: { TargetType: 'instance', Port: 5432 }, targets: [{ Id: 'i-1' }], listener: { Port: 5432 } });
    expect((await collectWith(loadBalancers)).endpoints[0]?.engine).toBe('postgres');
    answer({
      balancers: [ALB],
      listener: { Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'fixed-response' }] },
      group: { Protocol: 'HTTP' },
    });
    aws.on(DescribeRulesCommand).resolves({ Rules: [{ Actions: forward('tg-1') }] });
    const { endpoints } = await collectWith(loadBalancers, { network: NETWORK });
    expect(endpoints[0]).toMatchObject({ port: 80, engine: 'elasticsearch' });
    expect(levels(endpoints[0]!)).toEqual({ network: 'off', tls: 'off' });
  });

  it('follows a network balancer into the application balancer behind it', async () => {
    answer({ listener: { Port: 443 }, group: { TargetType: 'alb', Port: 443 } });
    const inner = { TargetGroupArn: 'tg-2', TargetGroupName: 'inner', TargetType: 'ip' as const, Port: 9200 };
    const outer = { TargetGroupArn: 'tg-1', TargetType: 'alb' as const, Port: 443 };
    aws.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [outer, inner] });
    aws.on(DescribeTargetHealthCommand, { TargetGroupArn: 'tg-1' }).resolves({
      TargetHealthDescriptions: [{ Target: { Id: 'alb-arn' } }],
    });
    aws.on(DescribeListenersCommand, { LoadBalancerArn: 'alb-arn' }).resolves({
      Listeners: [{ ListenerArn: 'inner', Port: 443, Protocol: 'HTTPS', DefaultActions: forward('tg-2') }],
    });
    const { endpoints } = await collectWith(loadBalancers, { network: NETWORK });
    expect(endpoints[0]?.declared.network?.evidence).toContain('leads to 10.0.0.5:9200 (target group inner)');
  });
});

describe('who may use a listener', () => {
  const web = { balancers: [ALB], group: { Protocol: 'HTTP' as const } };
  const login: Action = { Type: 'authenticate-oidc', AuthenticateOidcConfig: undefined };

  it.each([
    ['a sign-in before every way through', [login, ...forward('tg-1')], undefined, 'on'],
    ['no sign-in', forward('tg-1'), undefined, undefined],
    ['client certificates', forward('tg-1'), { Mode: 'verify' }, 'on'],
    ['client certificates that are not checked', forward('tg-1'), { Mode: 'passthrough' }, undefined],
  ])('says what %s is worth', async (_, DefaultActions, MutualAuthentication, level) => {
    answer({ ...web, listener: { Port: 443, Protocol: 'HTTPS', DefaultActions, MutualAuthentication } });
    const { endpoints } = await collectWith(loadBalancers);
    expect(endpoints[0]?.declared.authentication?.level).toBe(level);
  });

  it('is not fooled by a sign-in that lets others by, nor by a rule that goes around it', async () => {
    const config = { OnUnauthenticatedRequest: 'allow' } as NonNullable<Action['AuthenticateOidcConfig']>;
    const loose: Action = { Type: 'authenticate-oidc', AuthenticateOidcConfig: config };
    answer({ ...web, listener: { Port: 443, Protocol: 'HTTPS', DefaultActions: [loose, ...forward('tg-1')] } });
    expect((await collectWith(loadBalancers)).endpoints[0]?.declared.authentication).toBeUndefined();
    answer({ ...web, listener: { Port: 443, Protocol: 'HTTPS', DefaultActions: [login, ...forward('tg-1')] } });
    aws.on(DescribeRulesCommand).resolves({ Rules: [{ Actions: forward('tg-1') }] });
    expect((await collectWith(loadBalancers)).endpoints[0]?.declared.authentication).toBeUndefined();
  });
});

describe('what is not answered', () => {
  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answer();
    aws
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce({ LoadBalancers: [balancer()], NextMarker: '1' })
      .resolvesOnce({ LoadBalancers: [balancer({ LoadBalancerName: 'other' })] })
      .resolvesOnce({ LoadBalancers: [balancer()], NextMarker: '1' })
      .resolvesOnce({ LoadBalancers: [balancer()], NextMarker: '1' })
      .rejects(awsError('AccessDenied', 403));
    const first = await collectWith(loadBalancers, { network: NETWORK });
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collectWith(loadBalancers)).status).toBe('partial');
    expect((await collectWith(loadBalancers)).status).toBe('denied');
  });

  const denied = awsError('AccessDenied', 403);
  it.each([
    ['listeners', () => aws.on(DescribeListenersCommand).rejects(denied)],
    ['target groups', () => aws.on(DescribeTargetGroupsCommand).rejects(denied)],
    ['targets', () => aws.on(DescribeTargetHealthCommand).rejects(denied)],
  ])('leaves the list in doubt when %s are denied: a front that could not be followed is not gone', async (_, deny) => {
    answer();
    deny();
    const { endpoints, status } = await collectWith(loadBalancers);
    expect([endpoints, status]).toEqual([[], 'denied']);
  });

  it('leaves it in doubt when rules, or the listeners of a balancer behind another, are denied', async () => {
    answer({ balancers: [ALB], listener: { Protocol: 'HTTP', DefaultActions: [] } });
    aws.on(DescribeRulesCommand).rejects(denied);
    expect((await collectWith(loadBalancers)).status).toBe('denied');
    answer({ group: { TargetType: 'alb' }, targets: [{ Id: 'alb-arn' }] });
    aws.on(DescribeListenersCommand, { LoadBalancerArn: 'alb-arn' }).rejects(denied);
    expect((await collectWith(loadBalancers)).status).toBe('denied');
  });

  it('does not lose a balancer without a name silently, and cleans a hostile one', async () => {
    answer({
      balancers: [balancer({ DNSName: undefined }), balancer({ LoadBalancerName: `a\u202e${'x'.repeat(5_000)}` })],
    });
    const { endpoints, cell } = await collectWith(loadBalancers);
    expect(endpoints[0]?.id).not.toMatch(/\u202e/u);
    expect(cell.gaps()).toHaveLength(1);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer();
    const [endpoint] = (await collectWith(loadBalancers)).endpoints;
    const ask = () => loadBalancers.exists(testCell('load-balancers'), endpoint!);
    expect(await ask()).toBe(true);
    answer({ group: { Port: 80 }, targets: [{ Id: '10.0.0.5', Port: 80 }] });
    expect(await ask()).toBe(true); // Port 9200 itself is of the catalogue.
    answer({ listener: { DefaultActions: [{ Type: 'redirect' }] } });
    expect(await ask()).toBe(false);
    answer({ listener: { Port: 443 } });
    expect(await ask()).toBe(false);
    aws.on(DescribeListenersCommand).rejects(awsError('Throttling'));
    expect(await ask()).toBeUndefined();
    answer();
    aws.on(DescribeTargetHealthCommand).rejects(awsError('Throttling'));
    expect(await ask()).toBeUndefined();
    answer({ balancers: [balancer({ Scheme: 'internal' })] });
    expect(await ask()).toBe(false);
    aws.on(DescribeLoadBalancersCommand).rejects(awsError('Throttling'));
    expect(await ask()).toBeUndefined();
    aws.on(DescribeLoadBalancersCommand).rejects(awsError('LoadBalancerNotFoundException'));
    expect(await ask()).toBe(false);
  });
});
