import { printable } from '../model/text.ts';

/** Enough of a stranger's first bytes to say who speaks, too little to hold anything of value. */
const MAX_HEAD = 40;

export interface Foreign {
  readonly state: 'other' | 'generic-http';
  readonly confidence: 'none' | 'tentative';
  readonly product?: string;
}

/** Whose bytes these are, when they are not those of the protocol we asked for (probes.md section 5). */
export function foreign(head: Buffer): Foreign {
  if (head.toString('latin1', 0, 7) === 'HTTP/1.') return { state: 'generic-http', confidence: 'tentative' };
  if (head.toString('latin1', 0, 4) === 'SSH-') return { state: 'other', confidence: 'tentative', product: 'ssh' };
  if (isTlsAlert(head)) return { state: 'other', confidence: 'tentative', product: 'tls' };
  return { state: 'other', confidence: 'none' };
}

/** A TLS server that was spoken to in plaintext says so in a record of type 21, version 3.x. */
export function isTlsAlert(head: Buffer): boolean {
  return head.length >= 3 && head[0] === 0x15 && head[1] === 0x03 && (head[2] ?? 0xff) <= 0x04;
}

/** One short line for people. */
export function foreignNote(head: Buffer): string {
  return `answered with something else: ${printable(head.subarray(0, MAX_HEAD).toString('latin1'))}`;
}
