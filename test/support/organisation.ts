/**
 * A whole AWS organisation in this process: an InventorySource that answers as the collectors would, whose services can
 * be denied, throttled and emptied, and that forgets nothing about what it was asked.
 */
import { codeOfStatus } from '../../lib/assess/presence.ts';
import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { CoverageGap, Endpoint } from '../../lib/model/endpoint.ts';
import type {
  CellReport,
  CellStatus,
  InventorySource,
  Listed,
  Place,
  ServiceProfile,
} from '../../lib/model/inventory.ts';
import type { NameRecord } from '../../lib/model/second-inventory.ts';

export const SERVICES: readonly ServiceProfile[] = [
  { service: 'opensearch', scope: 'regional', cost: { empty: 1, each: 0.2 } },
  { service: 'rds', scope: 'regional', cost: { empty: 2, each: 0 } },
  { service: 'redshift', scope: 'regional', cost: { empty: 1, each: 1 } },
  { service: 'cloudfront', scope: 'global', cost: { empty: 1, each: 0 } },
];
export const HOME = 'us-east-1';

export class Organisation implements InventorySource {
  services = SERVICES;
  readonly home = HOME;
  readonly #places = new Map<string, readonly Place[]>();
  /** By `account/region/service`. */
  readonly #endpoints = new Map<string, Map<string, Endpoint>>();
  readonly #failing = new Map<string, CellStatus>();
  /** Endpoints that the API still finds by name although its lists miss them, and the other way round. */
  readonly hidden = new Set<string>();
  readonly asked: string[] = [];
  /** Zones of the organisation, and whether they can be read whole. */
  zone: readonly NameRecord[] = [];
  zoneInDoubt = false;
  /** What throws instead of answering: `sweep`, `exists`, `regions` or `names`, and the account. */
  readonly broken = new Set<string>();
  /** Things that are no endpoints, by cell. */
  readonly watched = new Map<string, number>();
  now = new Date('2026-11-25T12:00:00.000Z');

  constructor(accounts: readonly string[], regions: readonly string[]) {
    for (const account of accounts) {
      this.#places.set(
        account,
        regions.map((region) => ({ account, region, partition: 'aws' as const })),
      );
    }
  }

  plant(
    account: string,
    region: string,
    service: string,
    name: string,
    /** Without a `host` it has a name of its own, which has to be proved ours (model/ownership.ts). */
    options: { open?: boolean; incarnation?: string; host?: string } = {},
  ): Endpoint {
    const place: Place = { account, region, partition: 'aws' };
    const endpoint = awsEndpoint(
      { place, service },
      {
        name,
        host: options.host ?? `${name}.${region}.example.com`,
        port: 443,
        engine: 'opensearch',
        declared: { network: options.open === true ? declaredOff('public') : declaredOn('VPC') },
        ...(options.incarnation === undefined ? {} : { incarnation: options.incarnation }),
      },
    );
    const key = `${account}/${region}/${service}`;
    const cell = this.#endpoints.get(key) ?? new Map<string, Endpoint>();
    this.#endpoints.set(key, cell.set(name, endpoint));
    return endpoint;
  }

  /** What the service lists of it from now on. */
  replace(planted: Endpoint, by: Endpoint): void {
    for (const cell of this.#endpoints.values()) {
      for (const [name, endpoint] of cell) if (endpoint === planted) cell.set(name, by);
    }
  }

  remove(account: string, region: string, service: string, name: string): void {
    this.#endpoints.get(`${account}/${region}/${service}`)?.delete(name);
  }

  fail(cell: string, status: CellStatus | undefined): void {
    if (status === undefined) this.#failing.delete(cell);
    else this.#failing.set(cell, status);
  }

  leave(account: string): void {
    this.#places.delete(account);
  }

  includes(): boolean {
    return true;
  }
  async names(account: string): Promise<Listed<NameRecord>> {
    this.#breakIf('names', account);
    const gap: CoverageGap = { stage: 'inventory', subject: `${account}/names`, code: 'throttled', detail: 'names' };
    return this.zoneInDoubt ? { items: [], gaps: [gap] } : { items: this.zone, gaps: [] };
  }
  async accounts() {
    return { items: [...this.#places.keys()].map((account) => ({ account })), gaps: [] };
  }
  async regions(account: string) {
    this.#breakIf('regions', account);
    return { items: this.#places.get(account) ?? [], gaps: [] };
  }

  async sweep(place: Place, services: readonly string[], _signal?: AbortSignal): Promise<readonly CellReport[]> {
    this.#breakIf('sweep', place.account);
    return services.map((service) => {
      const key = `${place.account}/${place.region}/${service}`;
      this.asked.push(key);
      const status = this.#failing.get(key) ?? 'complete';
      const all = [...(this.#endpoints.get(key)?.values() ?? [])].filter((e) => !this.hidden.has(e.id));
      const gap: CoverageGap = {
        stage: 'inventory',
        subject: key,
        code: codeOfStatus(status) ?? 'not-answered',
        detail: `${service}:List: ${status}`,
      };
      const profile = this.services.find((s) => s.service === service);
      const endpoints = status === 'complete' ? all : status === 'partial' ? all.slice(0, 1) : [];
      return {
        place,
        service,
        status,
        endpoints,
        gaps: status === 'complete' || status === 'not-offered' ? [] : [gap],
        calls: Math.ceil((profile?.cost.empty ?? 1) + (profile?.cost.each ?? 0) * endpoints.length),
        at: this.now.toISOString(),
        ...(this.watched.has(key) ? { watched: this.watched.get(key) ?? 0 } : {}),
      };
    });
  }

  async exists(place: Place, { name, service }: Endpoint): Promise<boolean | undefined> {
    const key = `${place.account}/${place.region}/${service ?? ''}`;
    this.#breakIf('exists', place.account);
    if (this.#failing.has(`exists:${key}`)) return undefined;
    return this.#endpoints.get(key)?.has(name ?? '') ?? false;
  }

  #breakIf(what: string, account: string): void {
    if (this.broken.has(`${what} ${account}`)) throw new TypeError(`${what} of ${account} broke`);
  }
}
