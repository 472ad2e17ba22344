/** Politeness towards one address over a whole run: one visit at a time, and its connections apart. */
import { Ending } from './ending.ts';

export interface Pacer {
  /** Resolves when no other visit is at this address. The visit calls what it gets when it leaves. */
  enter(address: string, ending?: Ending): Promise<() => void>;
  /** Resolves when this address may be connected to again. */
  turn(address: string, ending?: Ending): Promise<void>;
}

const SPACING_MS = 250;
const MAX_REMEMBERED = 10_000;

export function pacer(spacingMs: number = SPACING_MS): Pacer {
  const next = new Map<string, number>();
  /** Who waits at each address that has a visitor. */
  const queues = new Map<string, (() => void)[]>();
  const leaveOnce = (address: string): (() => void) => {
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      const follower = queues.get(address)?.shift();
      if (follower === undefined) queues.delete(address);
      else follower();
    };
  };
  return {
    async enter(address, ending) {
      const queue = queues.get(address);
      if (queue === undefined) {
        queues.set(address, []);
        return leaveOnce(address);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      queue.push(resolve);
      try {
        await (ending?.unlessOver(promise) ?? promise);
      } catch (error) {
        const at = queue.indexOf(resolve);
        if (at === -1)
          leaveOnce(address)(); // its turn came in the same moment
        else queue.splice(at, 1);
        throw error;
      }
      return leaveOnce(address);
    },
    async turn(address, ending) {
      const now = performance.now();
      const at = Math.max(now, next.get(address) ?? 0);
      if (next.size > MAX_REMEMBERED) for (const [key, time] of next) if (time < now) next.delete(key);
      next.set(address, at + spacingMs);
      if (at > now) await (ending ?? new Ending()).wait(at - now);
    },
  };
}
