/**
 * One POST of a sink, judged. Accepted means 2xx. A receiver that is busy or broken is asked again on the outbox's clock, or
 * when it said so; one that will say the same again until a human mends something is left alone for longer. The notice
 * stays owed either way: nothing here gives it up.
 */
import { AjarError } from '../model/errors.ts';

/** Within what the outbox gives one delivery, so that the socket is given up with it. */
const TIMEOUT_MS = 8_000;
const UNTIL_MENDED_MS = 5 * 60_000;
/** Timed out, too early, too many: the same request may be taken later. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** What holds for every message: no other one need be tried meanwhile. All else may be the fault of this one alone. */
const OF_THE_ADDRESS: ReadonlySet<number> = new Set([301, 302, 307, 308, 401, 403, 404, 410]);

export type Post = (
  url: string,
  body: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; readonly retryAfterMs?: number }>;

export interface Request {
  readonly post: Post;
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The status. Rejects with `sink-refused`, which never holds the URL: its path may be a secret. */
export async function accepted({ post, url, body, headers = {}, signal }: Request): Promise<number> {
  const { host } = new URL(url);
  const { status, retryAfterMs } = await post(url, body, {
    headers: { 'content-type': 'application/json', ...headers },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (status >= 200 && status <= 299) return status;
  const cure = cureFor(status);
  const wait = retryAfterMs ?? (OF_THE_ADDRESS.has(status) ? UNTIL_MENDED_MS : undefined);
  throw new AjarError('sink-refused', `${host} answered ${status}`, {
    ...(cure === undefined ? {} : { cure }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function cureFor(status: number): string | undefined {
  if (status < 300 || status > 499 || PASSING.has(status)) return undefined;
  if (status <= 399) return 'it sends elsewhere, and no redirect is followed: configure the address that it names';
  if (status === 401 || status === 403) return 'it does not know the key or the address: configure a valid one';
  if (status === 404 || status === 410)
    return 'the address is not, or no longer, in use: make a new one and configure it';
  return 'it does not take this message: check that the address is of the kind that is configured';
}
