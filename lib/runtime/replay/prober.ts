/**
 * A vantage in a scripted world: the probes of the catalogue with their ids, engines and connection budgets, whose visits find
 * what the script says, and a resolver to match. No probe is handed a connection: nothing leaves this process.
 */
import { PeerError } from '../../model/errors.ts';
import type { AuthState, Metadata, ProbeAnswer, TlsState } from '../../model/observation.ts';
import type { Probe } from '../../model/probe.ts';
import type { ReplayEndpoint } from '../../model/replay.ts';
import type { NameResolver } from '../../net/resolve.ts';
import { PROBES } from '../../probes/catalogue.ts';
import { endpointIdOf, hostOf } from './inventory.ts';
import type { Being, World } from './world.ts';

/** Of a visit that is answered, and until a connection that is not is given up. */
const VISIT_MS = 1_500;
const SILENCE_MS = 5_000;

export function scriptedProbes(world: World, vantage: string): readonly Probe[] {
  const { clock } = world;
  const ids = new Map(world.beings().map(({ script }) => [endpointIdOf(script), script.id]));
  return PROBES.map((probe) => ({
    ...probe,
    async visit(_access, { id }) {
      await clock.sleep(VISIT_MS / 2);
      const being = world.being(ids.get(id) ?? '');
      if (being === undefined || !isHeard(being, world, vantage)) {
        await clock.sleep(SILENCE_MS);
        throw new PeerError('connect', 'timeout', 'no answer, as scripted');
      }
      await clock.sleep(VISIT_MS / 2);
      if (being.observed.door === 'refused') throw new PeerError('connect', 'refused', 'refused, as scripted');
      return answerOf(being, probe.id);
    },
  }));
}

function isHeard({ script, lives, observed }: Being, world: World, vantage: string): boolean {
  // Its public address was given a moment ago, and leads nowhere now.
  if (!lives || observed.door === 'silent' || observed.door === 'private') return false;
  const { region } = script;
  return world.fault('region-dark', { region }) === undefined && world.fault('prober-blind', { vantage }) === undefined;
}

const AUTH: Readonly<Record<'on' | 'partial' | 'off', AuthState>> = {
  on: 'auth-required',
  partial: 'open-restricted',
  off: 'open-anonymous',
};
const TLS: Readonly<Record<'on' | 'partial' | 'off', TlsState>> = { on: 'required', partial: 'offered', off: 'absent' };

/** An open door. What the script does not say of it is as it should be. */
function answerOf({ script, observed }: Being, probe: string): ProbeAnswer {
  const { authentication = 'on', tls = 'on' } = observed;
  const isOpen = authentication === 'off';
  return {
    l4: 'open',
    proto: { state: 'match', confidence: 'firm' },
    tls: { state: TLS[tls], clientCert: 'undetermined' },
    auth: { state: AUTH[authentication] },
    proof: isOpen ? 4 : 2,
    rule: `${probe}/scripted`,
    notes: [],
    ...(isOpen ? { metadata: metadataOf(script) } : {}),
  };
}

function metadataOf({ data = [] }: ReplayEndpoint): Metadata {
  return {
    truncated: false,
    objects: data.map(({ name, kind, records, fields = [] }) => ({
      ...{ name, kind, system: false },
      ...(records === undefined ? {} : { records }),
      fields: fields.map((field) => ({ name: field, type: '' })),
    })),
  };
}

/** Addresses that stand for public ones. They are never dialled. */
export function scriptedResolver(world: World): NameResolver {
  const places = new Map(world.beings().map(({ script }, i) => [hostOf(script), { id: script.id, number: i + 1 }]));
  return {
    async resolve4(host) {
      const place = places.get(host);
      const being = world.being(place?.id ?? '');
      if (place === undefined || being?.lives !== true)
        throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
      const low = `${place.number >> 8}.${place.number & 255}`;
      return [being.observed.door === 'private' ? `10.0.${low}` : `52.0.${low}`];
    },
    resolve6: async () => [],
  };
}
