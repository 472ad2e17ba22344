/** How a visit ends: once, for all that wait, and without a failure that nobody hears. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { unlessAborted } from '../../lib/net/abort.ts';
import { Ending } from '../../lib/net/ending.ts';

const over = (words: string): PeerError => new PeerError('protocol', 'cancelled', words);

describe('the end of a visit', () => {
  it('is told once, with the first reason, to those that did not take their word back', () => {
    const ending = new Ending();
    const heard: string[] = [];
    const gone = (reason: PeerError): void => void heard.push(`gone ${reason.message}`);
    ending.on((reason) => heard.push(reason.message));
    ending.on(gone);
    ending.off(gone);
    ending.end(over('first'));
    ending.end(over('second'));
    ending.on((reason) => heard.push(`late ${reason.message}`));
    expect(heard).toEqual(['first']);
    expect(ending.reason?.message).toBe('first');
    expect(() => ending.throwIfOver()).toThrow('first');
  });

  it('ends a wait', async () => {
    const ending = new Ending();
    const waiting = ending.wait(60_000);
    ending.end(over('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  // An unhandled rejection would end the process, and fails this file.
  it('that came before the work hears the work out all the same', async () => {
    const ending = new Ending();
    ending.end(over('already'));
    await expect(ending.unlessOver(Promise.reject(new Error('nobody listens')))).rejects.toThrow();
    await turn();
  });
});

describe('a signal that is aborted', () => {
  it('before the work begins no work, and rejects with its reason', async () => {
    let begun = 0;
    const work = async (): Promise<void> => void begun++;
    await expect(unlessAborted(AbortSignal.abort(over('already')), work)).rejects.toThrow('already');
    expect(begun).toBe(0);
  });

  it('while it lasts rejects at once; else the work says what comes of it', async () => {
    const stop = new AbortController();
    const waiting = unlessAborted(stop.signal, () => new Promise<never>(() => undefined));
    stop.abort(over('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await unlessAborted(new AbortController().signal, async () => 7)).toBe(7);
  });
});
