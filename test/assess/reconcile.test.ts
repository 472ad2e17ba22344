import { describe, expect, it } from 'vitest';
import { reconcile } from '../../lib/assess/reconcile.ts';
import { declaredOn, declaredPartial, declaredUnknown } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { DESCRIPTION_TAG, NAMES_TAG, REQUESTER_TAG } from '../../lib/model/second-inventory.ts';
import { door, filed, MADE_BY_RDS, OPEN, rds } from '../support/inventories.ts';

const found = (endpoints: readonly Endpoint[]) => endpoints.map(({ id, foundBy }) => [id.split('/').at(-1), foundBy]);

describe('doors that nobody registered', () => {
  it('are forgotten, with what they were found through and what opens them', () => {
    const { endpoints, forgotten } = reconcile([door(9200)], []);
    expect(endpoints).toEqual([door(9200)]);
    expect(forgotten).toEqual([
      {
        endpointId: '111122223333/us-east-1/interfaces/eni-1/54.1.2.3:9200',
        why: 'no service inventory knows it: found through network interface eni-1, open to WORLD: IPv4 sg-1 tcp/9200 from 0.0.0.0/0',
      },
    ]);
  });

  it.each([
    ['an Elastic IP', door(9200, { foundBy: ['interface', 'address'] }), 'network interface eni-1 and an Elastic IP,'],
    [
      'a front',
      door(443, { foundBy: ['balancer'], service: 'load-balancers', name: 'search' }),
      'load-balancers search,',
    ],
    [
      'a service that we do not list',
      door(5671, { tags: { [REQUESTER_TAG]: 'amazon-x', [DESCRIPTION_TAG]: 'X' } }),
      'eni-1 of amazon-x (X),',
    ],
  ])('say that they were found through %s', (_, endpoint, text) => {
    expect(reconcile([endpoint], []).forgotten[0]?.why).toContain(
      `found through ${text.includes('eni-1 of') ? 'network interface ' : ''}${text}`,
    );
  });

  it('have their names told, and stay forgotten', () => {
    const { endpoints, forgotten } = reconcile([door(9200)], [{ name: 'old.example.com', target: '54.1.2.3' }]);
    expect(endpoints[0]).toMatchObject({ foundBy: ['interface', 'name'], tags: { [NAMES_TAG]: 'old.example.com' } });
    expect(forgotten[0]?.why).toContain('network interface eni-1 and DNS name old.example.com');
  });

  it('are bounded in what they say', () => {
    const declared = { network: { ...OPEN, evidence: 'y'.repeat(5_000) } };
    expect(reconcile([door(9200, { declared })], []).forgotten[0]?.why.length).toBeLessThanOrEqual(400);
  });
});

describe('doors that a file or a service lists', () => {
  it('become one endpoint that says who found it', () => {
    const { endpoints, forgotten } = reconcile(
      [door(9200, { foundBy: ['address', 'interface'] }), filed('54.1.2.3', 9200)],
      [],
    );
    expect(found(endpoints)).toEqual([['file-54.1.2.3', ['file', 'interface', 'address']]]);
    expect(forgotten).toEqual([]);
  });

  it('are told apart by port', () => {
    const { endpoints, forgotten } = reconcile([door(9300), filed('54.1.2.3', 9200)], []);
    expect(endpoints).toHaveLength(2);
    expect(forgotten).toHaveLength(1);
  });

  it.each([
    ['an address', [{ name: 'db.example.com', target: '54.1.2.3' }]],
    [
      'an alias of an address',
      [
        { name: 'db.example.com', target: 'a.example.com' },
        { name: 'a.example.com', target: '54.1.2.3' },
      ],
    ],
  ])('are found through a name that leads to %s', (_, names) => {
    const { endpoints } = reconcile([door(9200), filed('DB.example.com', 9200)], names);
    expect(endpoints.map(({ foundBy }) => foundBy)).toEqual([['file', 'interface', 'name']]);
  });

  it('are the same in every spelling of an IPv6 address', () => {
    const host = '2600:1f18::1';
    expect(reconcile([door(9200, { host }), filed('2600:1F18:0:0:0:0:0:1', 9200)], []).endpoints).toHaveLength(1);
  });

  it('are the same where a name leads to the balancer in front', () => {
    const host = 'search-1.us-east-1.elb.amazonaws.com';
    const front = door(443, { host, id: 'lb', foundBy: ['balancer'] });
    const names = [{ name: 'search.example.com', target: `dualstack.${host}` }];
    const { endpoints, forgotten } = reconcile([front, filed('search.example.com', 443)], names);
    expect([found(endpoints), forgotten]).toEqual([[['file-search.example.com', ['file', 'balancer', 'name']]], []]);
  });

  it.each([
    ['nothing', undefined, 'off'],
    ['that it is closed', declaredOn('x'), 'off'],
    ['that it is partly open', declaredPartial('x'), 'off'],
    ['that nobody knows', declaredUnknown('x'), 'off'],
  ])('take the network from AWS where a file says %s', (_, network, level) => {
    const file = filed('54.1.2.3', 9200, network === undefined ? {} : { declared: { network } });
    expect(reconcile([file, door(9200)], []).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('keep what a file says that is worse', () => {
    const file = filed('54.1.2.3', 9200, { declared: { network: OPEN } });
    const limited = door(9200, { declared: { network: declaredPartial('x') } });
    expect(reconcile([file, limited], []).endpoints[0]?.declared.network?.level).toBe('off');
  });
});

describe('interfaces that a managed service made', () => {
  it('belong to the endpoint that the service lists on that port, whatever else their rules let through', () => {
    const { endpoints, forgotten } = reconcile([door(5432, MADE_BY_RDS), door(3306, MADE_BY_RDS), rds('a', 5432)], []);
    expect([found(endpoints), forgotten]).toEqual([[['a', ['service', 'interface']]], []]);
  });

  it('are known by their description where the requester is but a number', () => {
    const tags = { [REQUESTER_TAG]: '123456789012', [DESCRIPTION_TAG]: 'DMSNetworkInterface' };
    const dms = rds('replication', 443, { service: 'dms' });
    expect(reconcile([door(443, { tags }), dms], []).forgotten).toEqual([]);
  });

  it.each([
    ['lists nothing', []],
    ['lists nothing on that port', [rds('a', 3306)]],
    ['lists it in another region', [rds('a', 5432, { region: 'eu-west-1' })]],
    ['lists it in another account', [rds('a', 5432, { account: '444455556666' })]],
    ['lists only what is closed', [rds('a', 5432, { declared: { network: declaredOn('x') } })]],
    ['is another service', [rds('a', 5432, { service: 'redshift' })]],
  ])('stay forgotten where the service %s', (_, services) => {
    expect(reconcile([door(5432, MADE_BY_RDS), ...services], []).forgotten).toHaveLength(1);
  });

  it('belong to the service that lists their address, even where AWS does not say who made them', () => {
    const dms = rds('replication', 5432, { service: 'dms', host: '54.1.2.3' });
    expect(found(reconcile([door(5432), door(3306), dms], []).endpoints)).toEqual([
      ['replication', ['service', 'interface']],
    ]);
  });

  it('stay forgotten on the ports that a file does not name', () => {
    const { forgotten } = reconcile([door(5432, MADE_BY_RDS), door(3306, MADE_BY_RDS), filed('54.1.2.3', 5432)], []);
    expect(forgotten.map(({ endpointId }) => endpointId.split(':').at(-1))).toEqual(['3306']);
  });

  it('do not hide another interface of the same service', () => {
    const other = door(3306, { ...MADE_BY_RDS, host: '54.9.9.9' });
    expect(found(reconcile([door(5432, MADE_BY_RDS), other, rds('a', 5432)], []).endpoints)).toEqual([
      ['54.9.9.9:3306', ['interface']],
      ['a', ['service', 'interface']],
    ]);
  });

  it('are not taken for the service on the word of a description alone', () => {
    const tags = { [DESCRIPTION_TAG]: 'RDSNetworkInterface' };
    expect(reconcile([door(5432, { tags }), rds('a', 5432)], []).forgotten).toHaveLength(1);
  });
});

describe('names', () => {
  it('are added to the endpoint that they lead to, aliases followed', () => {
    const names = [
      { name: 'b.example.com', target: 'A.abc.us-east-1.rds.amazonaws.com.' },
      { name: 'c.example.com', target: 'b.example.com' },
      { name: 'd.example.com', target: 'elsewhere.example.net' },
    ];
    const [endpoint] = reconcile([rds('a', 5432)], names).endpoints;
    expect(endpoint).toMatchObject({
      foundBy: ['service', 'name'],
      tags: { [NAMES_TAG]: 'b.example.com c.example.com' },
    });
  });

  it('say nothing of a resource at a host that all customers share', () => {
    const shared = rds('t', 443, { host: 'dynamodb.us-east-1.amazonaws.com', shared: true });
    const { endpoints } = reconcile([shared], [{ name: 'x.example.com', target: shared.host }]);
    expect(endpoints).toEqual([shared]);
  });

  it('make no door the same as a resource at a host that all customers share', () => {
    const shared = rds('t', 443, { host: 'dynamodb.us-east-1.amazonaws.com', shared: true });
    const front = door(443, { host: 'api.example.com', foundBy: ['balancer'] });
    const names = [{ name: 'api.example.com', target: shared.host }];
    expect(reconcile([shared, front], names).forgotten).toHaveLength(1);
  });

  it('end where they go round in circles or fan out', () => {
    const ring = Array.from({ length: 50 }, (_, i) => ({
      name: `n${i}.example.com`,
      target: `n${(i + 1) % 50}.example.com`,
    }));
    const fan = Array.from({ length: 5_000 }, (_, i) => ({ name: `f${i}.example.com`, target: '54.1.2.3' }));
    const { endpoints } = reconcile([door(9200), filed('n0.example.com', 9200)], [...ring, ...fan]);
    expect(endpoints.every(({ tags }) => (tags[NAMES_TAG]?.length ?? 0) <= 256)).toBe(true);
    expect(endpoints.every(({ foundBy }) => foundBy?.includes('name') === true)).toBe(true);
  });
});
