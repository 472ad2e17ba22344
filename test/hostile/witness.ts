/**
 * What the machine itself did to this process meanwhile. A visit that ends late because eight other programs share two
 * cores is no fault of the prober; one that ends late because the prober was busy is. So only time in which the event loop
 * stood still and this process burnt no CPU is set aside.
 */
export interface Witness {
  /** Milliseconds in which this process was kept from running, since it began to watch. */
  starvedMs(): number;
  /** The most that RSS grew meanwhile. */
  stop(): { readonly rssGrowth: number };
}

const TICK_MS = 10;

export function witness(): Witness {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  let starved = 0;
  let last = performance.now();
  let cpu = process.cpuUsage();
  const look = (): void => {
    const now = performance.now();
    const used = process.cpuUsage(cpu);
    // Every thread's CPU counts as ours: what is set aside is rather too little.
    starved += Math.max(0, now - last - TICK_MS - (used.user + used.system) / 1_000);
    [last, cpu] = [now, process.cpuUsage()];
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, TICK_MS);
  return {
    starvedMs() {
      look();
      return starved;
    },
    stop() {
      clearInterval(timer);
      look();
      return { rssGrowth: peak - before };
    },
  };
}
