/**
 * How a web hook is signed, and how its receiver checks that: `ajar-signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of
 * "t.body">`. The time is under the signature, so that an old message cannot be sent again as a new one; the notice's key is
 * in the body, so that a receiver that keeps the keys of one window sees each message once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the clocks may be apart, and how long a copied message is of use. */
export const REPLAY_WINDOW_MS = 5 * 60_000;
const HEADER = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

export function signature(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1_000);
  return `t=${t},v1=${hmac(secret, `${t}.${body}`).toString('hex')}`;
}

export type Verdict = 'valid' | 'malformed' | 'forged' | 'too-old' | 'from-the-future';

/** `body` exactly as it came: a parsed and rewritten one has another signature. Forged before old: who forges chooses the time. */
export function verifySignature(secret: string, header: string, body: string, now: Date): Verdict {
  const [, t, v1] = HEADER.exec(header) ?? [];
  if (t === undefined || v1 === undefined) return 'malformed';
  if (!timingSafeEqual(hmac(secret, `${t}.${body}`), Buffer.from(v1, 'hex'))) return 'forged';
  const age = now.getTime() - Number(t) * 1_000;
  if (age > REPLAY_WINDOW_MS) return 'too-old';
  return age < -REPLAY_WINDOW_MS ? 'from-the-future' : 'valid';
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}
