/**
 * Whether what this vantage sees is the internet (probes.md section 1, rule 12): one TCP connect to 192.0.2.1, which belongs to
 * nobody, on the port about to be visited. Refused, unroutable and silent are as it should be. An answer means that a captive or
 * transparent proxy accepts connections in everybody's place: then every "open", "closed" and "recovered" from here would be
 * its word, so nothing is visited and each endpoint is a gap. Never asked where `only` forbids it, nor for loopback alone.
 */
import ipaddr from 'ipaddr.js';
import { mayAskTestNet, TEST_NET } from '../net/guard.ts';

/** An answer, of either kind, is good for this long: in Lambda, where environments live for hours, it is asked again. */
const FRESH_MS = 600_000;

export interface SelfTest {
  /** Why nothing seen from this source address counts; `undefined` where nothing speaks against it. */
  readonly captive: (port: number, localAddress?: string) => Promise<string | undefined>;
}

interface SelfTestOptions {
  readonly only: readonly string[];
  readonly now: () => Date;
  /** True where the connection was accepted. */
  readonly answers: (only: readonly string[], port: number, localAddress?: string) => Promise<boolean>;
  readonly onCaptive?: (detail: string) => void;
}

export function selfTest({ only, now, answers, onCaptive }: SelfTestOptions): SelfTest {
  const asked = new Map<string, { readonly at: number; readonly result: Promise<string | undefined> }>();
  const ask = async (port: number, localAddress?: string): Promise<string | undefined> => {
    if (!(await answers(only, port, localAddress))) return undefined;
    const detail =
      `${TEST_NET}:${port}, which belongs to nobody, accepted a connection: a captive or transparent proxy answers for others, ` +
      'and nothing seen from this vantage counts. Take its traffic off that path';
    onCaptive?.(detail);
    return detail;
  };
  return {
    async captive(port, localAddress) {
      if (!mayAskTestNet(only)) return undefined;
      // Of IPv4: a source address of the other family cannot ask.
      if (localAddress !== undefined && ipaddr.parse(localAddress).kind() === 'ipv6') return undefined;
      const key = localAddress ?? '';
      const known = asked.get(key);
      // A clock that was set back must not make an answer last.
      if (known !== undefined && Math.abs(now().getTime() - known.at) < FRESH_MS) return known.result;
      const result = ask(port, localAddress);
      asked.set(key, { at: now().getTime(), result });
      void result.catch(() => asked.delete(key)); // whoever asked gets the error itself
      return result;
    },
  };
}
