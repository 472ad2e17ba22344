import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_RECORD_SETS, NAMES_ACTIONS, NAMES_SERVICE, readNames } from '../../lib/aws/names.ts';
import { awsError, testCell } from '../support/aws.ts';

const aws = mockClient(Route53Client);
afterEach(() => aws.reset());

const zone = (Id: string, more: object = {}) => ({ Id, Name: 'example.com.', CallerReference: 'x', ...more });
const listed = (...HostedZones: ReturnType<typeof zone>[]) => ({
  HostedZones,
  Marker: undefined,
  IsTruncated: false,
  MaxItems: 100,
});
const page = (ResourceRecordSets: object[], more: object = {}) =>
  ({ ResourceRecordSets, IsTruncated: false, MaxItems: 300, ...more }) as never;

async function read() {
  const cell = testCell(NAMES_SERVICE);
  return { names: await readNames(cell), cell };
}

describe('names of the public zones', () => {
  it('keeps what leads to an address or another name, spelled one way', async () => {
    aws.on(ListHostedZonesCommand).resolves(listed(zone('/hostedzone/Z1')));
    aws.on(ListResourceRecordSetsCommand).resolves(
      page([
        { Name: 'DB.example.com.', Type: 'A', ResourceRecords: [{ Value: '54.1.2.3' }, { Value: '54.1.2.4' }] },
        { Name: 'db.example.com.', Type: 'AAAA', ResourceRecords: [{ Value: '2600:1F18::1' }] },
        { Name: '\\052.example.com.', Type: 'CNAME', ResourceRecords: [{ Value: 'Search-d.es.amazonaws.com.' }] },
        { Name: 'lb.example.com.', Type: 'A', AliasTarget: { DNSName: 'dualstack.my-lb.elb.amazonaws.com.' } },
        { Name: 'example.com.', Type: 'MX', ResourceRecords: [{ Value: '10 mail.example.com.' }] },
        { Type: 'A', ResourceRecords: [{ Value: '54.9.9.9' }] },
      ]),
    );
    const { names, cell } = await read();
    expect(names).toEqual([
      { name: 'db.example.com', target: '54.1.2.3' },
      { name: 'db.example.com', target: '54.1.2.4' },
      { name: 'db.example.com', target: '2600:1f18::1' },
      { name: '*.example.com', target: 'search-d.es.amazonaws.com' },
      { name: 'lb.example.com', target: 'dualstack.my-lb.elb.amazonaws.com' },
    ]);
    expect(new Set(cell.asked)).toEqual(new Set(NAMES_ACTIONS));
    expect(cell.status(names.length)).toBe('complete');
  });

  it('leaves private zones alone', async () => {
    aws.on(ListHostedZonesCommand).resolves(listed(zone('Z1', { Config: { PrivateZone: true } })));
    const { names, cell } = await read();
    expect([names, cell.asked]).toEqual([[], ['route53:ListHostedZones']]);
  });

  it('follows both lists to their end', async () => {
    aws
      .on(ListHostedZonesCommand)
      .resolves({ ...listed(zone('Z1')), IsTruncated: true, NextMarker: 'Z2' })
      .on(ListHostedZonesCommand, { Marker: 'Z2' })
      .resolves(listed(zone('Z2')));
    const next = {
      IsTruncated: true,
      NextRecordName: 'b.example.com.',
      NextRecordType: 'A',
      NextRecordIdentifier: 'w',
    };
    const start = { StartRecordName: 'b.example.com.', StartRecordType: 'A', StartRecordIdentifier: 'w' } as const;
    aws
      .on(ListResourceRecordSetsCommand)
      .resolves(page([{ Name: 'z2.example.com', Type: 'A', ResourceRecords: [{ Value: '54.1.1.2' }] }]))
      .on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1' })
      .resolves(page([{ Name: 'a.example.com.', Type: 'A', ResourceRecords: [{ Value: '54.1.1.1' }] }], next))
      .on(ListResourceRecordSetsCommand, { HostedZoneId: 'Z1', ...start })
      .resolves(page([{ Name: 'b.example.com.', Type: 'A', ResourceRecords: [{ Value: '54.1.1.3' }] }]));
    const { names } = await read();
    expect(names.map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com', 'z2.example.com']);
  });

  it('ends on a zone that begins again and again', async () => {
    aws.on(ListHostedZonesCommand).resolves(listed(zone('Z1')));
    aws.on(ListResourceRecordSetsCommand).resolves(page([], { IsTruncated: true }));
    const { cell } = await read();
    expect(cell.status(0)).toBe('partial');
  });

  it('is in doubt where more zones are announced without a way to them', async () => {
    aws.on(ListHostedZonesCommand).resolves({ ...listed(), IsTruncated: true });
    const { cell } = await read();
    expect(cell.status(0)).toBe('partial');
  });

  it('does not read a zone beyond the limit, and says so', async () => {
    aws
      .on(ListHostedZonesCommand)
      .resolves(listed(zone('Z1', { ResourceRecordSetCount: MAX_RECORD_SETS + 1 }), zone('Z2')));
    aws
      .on(ListResourceRecordSetsCommand)
      .resolves(page([{ Name: 'a.example.com.', Type: 'A', ResourceRecords: [{ Value: '54.1.1.1' }] }]));
    const { names, cell } = await read();
    expect(names).toHaveLength(1);
    expect(cell.gaps()).toMatchObject([{ code: 'incomplete' }]);
  });

  it.each([
    ['the zones', ListHostedZonesCommand],
    ['the records', ListResourceRecordSetsCommand],
  ])('is in doubt where %s are denied', async (_, command) => {
    aws.on(ListHostedZonesCommand).resolves(listed(zone('Z1')));
    aws.on(command as never).rejects(awsError('AccessDenied', 403));
    const { names, cell } = await read();
    expect([names, cell.status(0)]).toEqual([[], 'denied']);
  });

  it('bounds and cleans hostile names', async () => {
    aws.on(ListHostedZonesCommand).resolves(listed(zone('Z1')));
    const Name = `a\u202e\\000${'x'.repeat(100_000)}.`;
    aws.on(ListResourceRecordSetsCommand).resolves(page([{ Name, Type: 'A', ResourceRecords: [{ Value: Name }] }]));
    const [record] = (await read()).names;
    expect(record?.name.length).toBeLessThanOrEqual(255);
    expect(record?.target).not.toMatch(/[\u202e\u0000]/u);
  });
});
