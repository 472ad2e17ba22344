/** Also of lib/aws/accelerator-doors.ts. */
import {
  type Accelerator,
  DescribeAcceleratorCommand,
  type EndpointGroup,
  GlobalAcceleratorClient,
  ListAcceleratorsCommand,
  ListCustomRoutingAcceleratorsCommand,
  ListEndpointGroupsCommand,
  ListListenersCommand,
} from '@aws-sdk/client-global-accelerator';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { globalAccelerator } from '../../lib/collectors/global-accelerator.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(GlobalAcceleratorClient);
afterEach(() => aws.reset());

const HOME = { account: '111122223333', region: 'us-west-2', partition: 'aws' } as const;
const ARN = 'arn:aws:globalaccelerator::111122223333:accelerator/acc-1';
const NLB = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/inner/50dc';

function accelerator(change: Partial<Accelerator> = {}): Accelerator {
  return {
    AcceleratorArn: ARN,
    Name: 'edge',
    Enabled: true,
    DnsName: 'a1.awsglobalaccelerator.com',
    CreatedTime: new Date('2026-01-02T03:04:05.000Z'),
    ...change,
  };
}

function leading(
  EndpointId: string,
  change: Partial<EndpointGroup> = {},
  kept: boolean | undefined = false,
): EndpointGroup {
  return {
    EndpointGroupRegion: 'eu-west-1',
    EndpointDescriptions: [{ EndpointId, ClientIPPreservationEnabled: kept }],
    ...change,
  };
}

interface Site {
  readonly accelerators?: readonly Accelerator[];
  readonly from?: number;
  readonly to?: number;
  readonly protocol?: 'TCP' | 'UDP';
  readonly group?: EndpointGroup;
}

function answer({ accelerators = [accelerator()], from = 9200, to = from, protocol = 'TCP', group }: Site = {}): void {
  aws.on(ListAcceleratorsCommand).resolves({ Accelerators: [...accelerators] });
  aws.on(ListCustomRoutingAcceleratorsCommand).resolves({ Accelerators: [] });
  aws.on(ListListenersCommand).resolves({
    Listeners: [{ ListenerArn: 'l', Protocol: protocol, PortRanges: [{ FromPort: from, ToPort: to }] }],
  });
  aws.on(ListEndpointGroupsCommand).resolves({ EndpointGroups: [group ?? leading('i-1')] });
}

const collect = () => collectWith(globalAccelerator, { place: HOME });

describe('accelerators in front of data stores', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer({ accelerators: [] });
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([
      [],
      'complete',
      ['globalaccelerator:ListAccelerators', 'globalaccelerator:ListCustomRoutingAccelerators'],
    ]);
  });

  it('asks its own region, and nobody in partitions that do not have it', async () => {
    expect([globalAccelerator.scope, globalAccelerator.homeRegion]).toEqual(['global', 'us-west-2']);
    const place = { account: '111122223333', region: 'cn-north-1', partition: 'aws-cn' } as const;
    const { status, cell } = await collectWith(globalAccelerator, { place });
    expect([status, cell.asked]).toEqual(['complete', []]);
  });

  it('finds an instance that needs no public address to be shown to the world', async () => {
    answer();
    const { endpoints, status } = await collect();
    expect(status).toBe('complete');
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-west-2/global-accelerator/acc-1/9200',
        host: 'a1.awsglobalaccelerator.com',
        engine: 'elasticsearch',
        tags: { Name: 'edge' },
        foundBy: ['balancer'],
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({ network: 'off' });
    expect(endpoints[0]?.declared.network?.evidence).toMatch(/^leads to i-1:9200 in eu-west-1; /);
  });

  it.each([[true], [undefined]])(
    'does not know who gets through where ClientIPPreservationEnabled=%s',
    async (kept) => {
      answer({ group: leading('i-1', {}, kept ?? undefined) });
      if (kept === undefined) answer({ group: { EndpointDescriptions: [{ EndpointId: 'i-1' }] } });
      expect((await collect()).endpoints[0]?.declared.network?.level).toBe('unknown');
    },
  );

  it('is as open as the most open way through it', async () => {
    answer();
    aws.on(ListEndpointGroupsCommand).resolves({ EndpointGroups: [leading('i-1', {}, true), leading('i-2')] });
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe('off');
  });

  it('follows a port that is changed on the way', async () => {
    answer({ from: 443, group: leading('i-1', { PortOverrides: [{ ListenerPort: 443, EndpointPort: 6379 }] }) });
    expect((await collect()).endpoints).toMatchObject([{ port: 443, engine: 'redis' }]);
  });

  it('lists ports that lead to a balancer even where they say nothing, and leaves out the web of an instance', async () => {
    answer({ from: 443, group: leading(NLB) });
    expect((await collect()).endpoints).toMatchObject([{ port: 443, engine: 'http' }]);
    answer({ from: 7_777, group: leading(NLB) });
    expect((await collect()).endpoints).toMatchObject([{ port: 7_777, engine: 'unidentified' }]);
    answer({ from: 443 });
    expect((await collect()).endpoints).toEqual([]);
  });

  it('does not walk a wide range: the catalogue is enough', async () => {
    answer({ from: 1, to: 65_535, group: leading(NLB) });
    const { endpoints } = await collect();
    expect(endpoints.length).toBeGreaterThan(20);
    expect(endpoints.length).toBeLessThan(200);
  });

  it('leaves out what is switched off and what is not TCP', async () => {
    answer({ accelerators: [accelerator({ Enabled: false })] });
    expect((await collect()).endpoints).toEqual([]);
    answer({ protocol: 'UDP' });
    expect((await collect()).endpoints).toEqual([]);
  });

  it('says that it does not follow custom routing', async () => {
    answer({ accelerators: [] });
    aws.on(ListCustomRoutingAcceleratorsCommand).resolves({
      Accelerators: [
        { Name: 'games', Enabled: true },
        { Name: 'off', Enabled: false },
      ],
    });
    const { cell, status } = await collect();
    expect([status, cell.gaps().map((g) => g.subject)]).toEqual(['complete', ['games']]);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answer();
    aws
      .on(ListAcceleratorsCommand)
      .resolvesOnce({ Accelerators: [accelerator()], NextToken: '1' })
      .resolvesOnce({ Accelerators: [accelerator({ AcceleratorArn: `${ARN}2` })] })
      .resolvesOnce({ Accelerators: [accelerator()], NextToken: '1' })
      .resolvesOnce({ Accelerators: [accelerator()], NextToken: '1' })
      .rejects(awsError('AccessDeniedException', 400));
    const first = await collect();
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collect()).status).toBe('partial');
    expect((await collect()).status).toBe('denied');
  });

  it('leaves the list in doubt where listeners or groups are denied', async () => {
    answer();
    aws.on(ListEndpointGroupsCommand).rejects(awsError('AccessDeniedException', 400));
    expect((await collect()).status).toBe('denied');
    answer();
    aws.on(ListListenersCommand).rejects(awsError('AccessDeniedException', 400));
    expect((await collect()).status).toBe('denied');
  });

  it('does not lose an accelerator without a host silently, and cleans a hostile name', async () => {
    const hostile = accelerator({ Name: `a\u202e${'x'.repeat(5_000)}`, AcceleratorArn: `${ARN}\u202e` });
    answer({ accelerators: [accelerator({ DnsName: undefined }), hostile] });
    const { endpoints, cell } = await collect();
    expect(JSON.stringify(endpoints[0]?.id)).not.toMatch(/\u202e/u);
    expect(endpoints[0]?.tags['Name']?.length).toBeLessThanOrEqual(256);
    expect(cell.gaps()).toHaveLength(1);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer();
    const [endpoint] = (await collect()).endpoints;
    const ask = () => globalAccelerator.exists(testCell('global-accelerator', { place: HOME }), endpoint!);
    aws
      .on(DescribeAcceleratorCommand)
      .rejectsOnce(awsError('AcceleratorNotFoundException'))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolvesOnce({ Accelerator: accelerator({ Enabled: false }) })
      .resolves({ Accelerator: accelerator() });
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([false, undefined, false, true]);
    answer({ from: 443 });
    expect(await ask()).toBe(false);
    aws.on(ListListenersCommand).rejects(awsError('ThrottlingException'));
    expect(await ask()).toBeUndefined();
    answer({ from: 443 });
    aws.on(ListEndpointGroupsCommand).rejects(awsError('ThrottlingException'));
    expect(await ask()).toBeUndefined();
  });
});

describe('what an accelerator depends on', () => {
  it('is the accelerator and all that it leads to', async () => {
    const EndpointDescriptions = [NLB, 'i-1', 'eipalloc-1'].map((EndpointId) => ({ EndpointId }));
    answer({ group: { EndpointGroupRegion: 'eu-west-1', EndpointDescriptions } });
    expect((await collect()).endpoints[0]?.dependencies).toEqual([
      'ec2:eipalloc-1',
      'ec2:i-1',
      'elasticloadbalancing:loadbalancer/inner',
      'globalaccelerator:accelerator/acc-1',
    ]);
  });
});
