/** `ajar serve`: the console on an address of this machine alone. */
import { consoleApp } from '../console/app.ts';
import { serveApp } from '../net/serve-app.ts';
import { badInput } from './config.ts';
import { deskOf } from './console.ts';
import { allowlistOf, located, type Place, withIncidents } from './incidents.ts';
import { hasState } from './local.ts';
import { sealedSource } from './sealed.ts';

export interface Serving {
  readonly place: Place;
  /** Where the allowlist is, read afresh for each report. */
  readonly allowlist: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly by: string;
  readonly mayAct: boolean;
  readonly fault: (error: unknown) => void;
}

export async function serveConsole(options: Serving): Promise<{ readonly address: string; close(): Promise<void> }> {
  const { allowlist, host, port, by, mayAct, fault } = options;
  const place = await located(options.place);
  if (place.table === undefined && !hasState(place.state))
    throw badInput(
      [`${place.state}: no state there`],
      'pass --state DIR, or scan first; ajar demo --state DIR makes one to look at',
    );
  const desk = deskOf({
    record: (use, readOnly) => withIncidents(place, use, readOnly),
    mayAct,
    allowlist: () => allowlistOf(place, allowlist),
    sealed: sealedSource(place),
  });
  // The port is known only once it is taken, and nobody is answered before.
  const hosts: string[] = [];
  const app = consoleApp({ desk, hosts, who: () => by, fault });
  const server = await serveApp(async (request) => app.fetch(request), host, port);
  const shown = host.includes(':') ? `[${host}]` : host;
  hosts.push(`${shown}:${server.port}`, `localhost:${server.port}`);
  return { address: `http://${shown}:${server.port}/`, close: () => server.close() };
}
