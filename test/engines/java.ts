import { join } from 'node:path';
import { type JavaProduct, javaFolder } from './layout.ts';

/** Small, and quick to start: none of these servers lives long enough for a better compiler to pay. */
export function javaArguments(heapMegabytes: number): string[] {
  return [`-Xmx${heapMegabytes}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
}

/** Our launchers and the product's jars. */
export function classPath(product: JavaProduct): string[] {
  return ['-cp', [join(javaFolder(product), 'classes'), join(javaFolder(product), 'jars', '*')].join(':')];
}
