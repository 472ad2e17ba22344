/** Small, and quick to start: none of these servers lives long enough for a better compiler to pay. */
export function javaArguments(heapMegabytes: number): string[] {
  return [`-Xmx${heapMegabytes}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
}
