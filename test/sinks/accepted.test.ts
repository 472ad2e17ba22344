import { describe, expect, it } from 'vitest';
import { AjarError, PeerError } from '../../lib/model/errors.ts';
import { accepted, type Post } from '../../lib/sinks/accepted.ts';
import { inTurn } from '../../lib/sinks/in-turn.ts';
import { aNotice } from '../support/builders.ts';
import { receiver } from '../support/posted.ts';

const { signal } = new AbortController();
const url = 'https://hooks.example.test/T0/s3cr3t';

async function refusal(answer: Awaited<ReturnType<Post>>): Promise<AjarError> {
  const { post } = receiver(answer);
  const error: unknown = await accepted({ post, url, body: '{}', signal }).catch((cause: unknown) => cause);
  if (!(error instanceof AjarError)) throw new Error('it was not refused');
  return error;
}

describe('a POST of a sink', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])(
    'that gets %i is for the outbox to try again, and nothing to mend',
    async (status) => {
      expect(await refusal({ status })).toMatchObject({
        code: 'sink-refused',
        cure: undefined,
        retryAfterMs: undefined,
      });
    },
  );

  it.each([301, 302, 307, 308, 401, 403, 404, 410])(
    'that gets %i leaves the address alone until it is mended, and says how',
    async (status) => {
      const { cure, retryAfterMs } = await refusal({ status });
      expect(cure).toMatch(/configure/);
      expect(retryAfterMs).toBe(300_000);
    },
  );

  it.each([400, 405, 409, 413, 415, 422])(
    'that gets %i may be the fault of this message alone: others go on',
    async (status) => {
      const { cure, retryAfterMs } = await refusal({ status });
      expect(cure).toMatch(/does not take this message/);
      expect(retryAfterMs).toBeUndefined();
    },
  );

  it('waits for as long as the receiver asked for', async () => {
    expect(await refusal({ status: 429, retryAfterMs: 30_000 })).toMatchObject({ retryAfterMs: 30_000 });
    expect(await refusal({ status: 503, retryAfterMs: 1_000 })).toMatchObject({ retryAfterMs: 1_000 });
  });

  it('never repeats the address: its path may be the secret', async () => {
    for (const status of [302, 400, 404, 500]) {
      const { message, cure = '' } = await refusal({ status });
      expect(message + cure).not.toContain('s3cr3t');
    }
  });
});

describe('notices one after another', () => {
  const notices = ['a', 'b', 'c', 'd'].map((key) => aNotice({ key }));

  it('go in their order, and each has its own outcome', async () => {
    const asked: string[] = [];
    const { deliverAll } = inTurn(async ({ key }) => {
      asked.push(key);
      if (key === 'b') throw new AjarError('sink-refused', 'answered 400');
      if (key === 'c') throw new PeerError('connect', 'reset', 'connection reset');
      return { id: key };
    });
    expect(await deliverAll(notices, signal)).toEqual([
      { id: 'a' },
      { error: 'answered 400' },
      { error: 'connection reset' },
      { id: 'd' },
    ]);
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
  });

  it('stop at one that is asked to wait, and all that is left waits as long', async () => {
    const asked: string[] = [];
    const { deliverAll } = inTurn(async ({ key }) => {
      asked.push(key);
      if (key === 'b') throw new AjarError('sink-refused', 'answered 429', { retryAfterMs: 7_000 });
      return { id: key };
    });
    const outcomes = await deliverAll(notices, signal);
    expect(asked).toEqual(['a', 'b']);
    expect(outcomes.slice(1).map((o) => 'error' in o && o.retryAfterMs)).toEqual([7_000, 7_000, 7_000]);
  });

  it('say of what had no time left that it was not sent', async () => {
    const ending = new AbortController();
    const { deliverAll } = inTurn(async ({ key }) => {
      if (key === 'b') ending.abort();
      return { id: key };
    });
    const outcomes = await deliverAll(notices, ending.signal);
    expect(outcomes).toEqual([
      { id: 'a' },
      { id: 'b' },
      ...Array.from({ length: 2 }, () => ({ error: expect.stringContaining('not sent') as string })),
    ]);
  });
});
