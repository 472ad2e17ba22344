import { reconcile } from '../../lib/assess/reconcile.ts';
import { declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { door, rds } from '../support/inventories.ts';
import { describe, expect, it } from 'vitest';

describe('doors behind what names say', () => {
  it('a zone that nobody delegated to us does not hide an open door in a database of AWS', () => {
    const closed = rds('prod', 3306, { declared: { network: declaredOn('private') } });
    const forgotten = door(3306);
    // Anybody may create a public zone of any name: Route 53 lists it, the internet never asks it.
    const { endpoints } = reconcile([closed, forgotten], [{ name: closed.host, target: forgotten.host }]);
    expect(endpoints.map((e) => e.id)).toContain(forgotten.id);
  });

  it('a name that a domain and a proxy share on 443 does not explain 9200 on the proxy', () => {
    const domain: Endpoint = {
      ...rds('search', 443),
      host: 'search.corp.example',
      service: 'opensearch',
      engine: 'opensearch',
    };
    const [https, es] = [door(443), door(9200)];
    const { endpoints } = reconcile([domain, https, es], [{ name: 'search.corp.example', target: https.host }]);
    expect(endpoints.map((e) => e.id)).toContain(es.id);
  });
});
