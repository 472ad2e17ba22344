/**
 * The doors of an accelerator's listener and where they lead (aws-services.md section 2.26). A range of ports is not
 * walked: its first port, the overrides and the ports of the catalogue are looked at.
 */
import type { EndpointDescription, EndpointGroup, Listener } from '@aws-sdk/client-global-accelerator';
import { declaredOff, declaredUnknown } from '../model/declared.ts';
import type { DependencyKey } from '../model/change.ts';
import type { Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { balancerKeys } from './balancers.ts';
import { ec2Keys } from './dependencies.ts';
import { DATABASE_PORTS, engineOfPort } from './ports.ts';

const WEB: ReadonlySet<number> = new Set([80, 443]);

export interface AcceleratorDoor {
  readonly port: number;
  readonly engine: Engine;
  readonly ways: readonly Way[];
}

interface Way {
  readonly target: string;
  readonly protection: Protection;
  readonly keys: readonly DependencyKey[];
}

/** Ports that lead somewhere worth a look: those of the catalogue, and any that leads to a balancer. */
export function acceleratorDoors(
  { PortRanges: ranges = [] }: Listener,
  groups: readonly EndpointGroup[],
): readonly AcceleratorDoor[] {
  const overridden = groups.flatMap((g) => g.PortOverrides ?? []).flatMap(({ ListenerPort }) => ListenerPort ?? []);
  const within = (port: number): boolean =>
    ranges.some(({ FromPort: from, ToPort: to }) => from !== undefined && port >= from && port <= (to ?? from));
  // A range is not walked: of a wide one only its first port, the catalogue and the overrides are looked at.
  const starts = ranges.flatMap(({ FromPort }) => FromPort ?? []);
  const ports = [...new Set([...DATABASE_PORTS.filter(within), ...overridden, ...starts])];
  return ports
    .toSorted((a, b) => a - b)
    .flatMap((port) => {
      const led = groups.flatMap((group) => waysOf(port, group));
      const known = led.find(({ engine }) => engine !== undefined)?.engine;
      const ways = known === undefined ? led.filter(({ balancer }) => balancer) : led;
      if (ways.length === 0) return [];
      return [{ port, engine: known ?? (WEB.has(port) ? 'http' : 'unidentified'), ways }];
    });
}

function waysOf(port: number, group: EndpointGroup): readonly (Way & { engine?: Engine; balancer: boolean })[] {
  const override = (group.PortOverrides ?? []).find(({ ListenerPort }) => ListenerPort === port)?.EndpointPort;
  const target = override ?? port;
  const engine = engineOfPort(target) ?? engineOfPort(port);
  return (group.EndpointDescriptions ?? []).map((endpoint) => ({
    target: `${endpoint.EndpointId ?? 'an endpoint'}:${target} in ${group.EndpointGroupRegion ?? 'a region not named'}`,
    protection: filterOf(endpoint),
    keys: keysOfEndpoint(endpoint),
    balancer: endpoint.EndpointId?.includes(':loadbalancer/') === true,
    ...(engine === undefined ? {} : { engine }),
  }));
}

/** A balancer, an instance or an Elastic IP. The last two are unique in any region. */
function keysOfEndpoint({ EndpointId: id = '' }: EndpointDescription): readonly DependencyKey[] {
  return /^(i|eipalloc)-/.test(id) ? ec2Keys(id) : balancerKeys(id);
}

function filterOf({ ClientIPPreservationEnabled: kept }: EndpointDescription): Protection {
  const said = `ClientIPPreservationEnabled=${String(kept ?? 'absent')}`;
  return kept === false
    ? declaredOff(`${said}: no security group sees the callers, so the world gets through`)
    : declaredUnknown(`${said}: the groups of the endpoint, in its own region, may filter; not read here`);
}
