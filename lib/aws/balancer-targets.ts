/** Targets of a balancer that look like data stores (aws-services.md section 2.24, "Join"). */
import type { TargetDescription, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Engine } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import { DATABASE_PORTS, engineOfPort } from './ports.ts';
import { engineOfInterface } from './stores.ts';

/** A target that looks like a data store. */
export interface Store {
  /** An instance's id or an address. */
  readonly target: string;
  readonly port: number;
  readonly engine: Engine;
  readonly group: TargetGroup;
  /** The target's own, in this account and region. Empty where they are not ours, or were not read. */
  readonly interfaces: readonly NetworkInterface[];
}

/** A target on a port of the catalogue, behind a listener on one, or at an address that a managed store holds. */
export function storeAt(
  network: Network,
  group: TargetGroup,
  { Id: target, Port }: TargetDescription,
  listening: number | undefined,
): readonly Store[] {
  const port = Port ?? group.Port;
  if (port === undefined || target === undefined) return [];
  const interfaces = network.interfaces.filter((eni) =>
    group.TargetType === 'instance' ? eni.Attachment?.InstanceId === target : holds(eni, group.VpcId, target),
  );
  const managed = interfaces.map((eni) => engineOfInterface(eni, port)).find((engine) => engine !== undefined);
  const named = [port, listening].find((p) => p !== undefined && DATABASE_PORTS.includes(p));
  const engine = managed ?? (named === undefined ? undefined : (engineOfPort(named) ?? 'unidentified'));
  return engine === undefined ? [] : [{ target, port, engine, group, interfaces }];
}

function holds(eni: NetworkInterface, vpc: string | undefined, address: string): boolean {
  if (vpc !== undefined && eni.VpcId !== undefined && eni.VpcId !== vpc) return false;
  return (
    eni.PrivateIpAddress === address ||
    (eni.PrivateIpAddresses ?? []).some((a) => a.PrivateIpAddress === address) ||
    (eni.Ipv6Addresses ?? []).some((a) => a.Ipv6Address === address)
  );
}
