import { printable } from '../model/text.ts';

/** ZooKeeper's answer to the word `srvr` (probes.md section 3.15), pure and bounded. */

export const SRVR = 'srvr';
/** The whole answer has some 300 bytes. */
export const MAX_ANSWER = 4 * 1024;

export type SrvrRow = 'srvr' | 'not-serving' | 'not-allowed';

export interface Srvr {
  readonly row: SrvrRow;
  readonly markers: number;
  readonly version?: string;
  readonly mode?: string;
  readonly nodes?: number;
}

/** Undefined where these are not ZooKeeper's words. */
export function readSrvr(answer: Buffer): Srvr | undefined {
  const text = answer.toString('latin1');
  if (text.startsWith('srvr is not executed because it is not in the whitelist.'))
    return { row: 'not-allowed', markers: 2 };
  if (text.startsWith('This ZooKeeper instance is not currently serving requests')) {
    return { row: 'not-serving', markers: 2 };
  }
  const version = /^Zookeeper version: (\d[\w.]{0,30})/u.exec(text)?.[1];
  const mode = /^Mode: ([\w-]{1,30})$/mu.exec(text)?.[1];
  if (version === undefined) return undefined;
  const nodes = /^Node count: (\d{1,15})$/mu.exec(text)?.[1];
  return {
    row: 'srvr',
    markers: mode === undefined ? 1 : 2,
    version: printable(version, 40),
    ...(mode === undefined ? {} : { mode }),
    ...(nodes === undefined ? {} : { nodes: Number(nodes) }),
  };
}

const STARTS = ['Zookeeper version: ', 'srvr is not executed', 'This ZooKeeper instance'];

/** Whether these bytes may be the start of an answer that broke off. */
export function isAnswerStart(head: Buffer): boolean {
  const text = head.toString('latin1');
  return STARTS.some((start) => text.startsWith(start.slice(0, text.length)));
}
