/** Bytes received and not yet read, in one buffer that doubles: a reply of single bytes costs no more than a whole one. */
export interface Inbox {
  readonly held: number;
  push(chunk: Buffer): void;
  /** The first `count` bytes, which must be held. */
  take(count: number): Buffer;
  /** Offset of `mark` at or after `from`, or -1. */
  indexOf(mark: string, from: number): number;
}

const FIRST_BYTES = 1_024;

export function inbox(): Inbox {
  let store = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  const makeRoom = (bytes: number): void => {
    if (store.length - end >= bytes) return;
    const held = end - start;
    const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, 2 * (held + bytes)));
    store.copy(larger, 0, start, end);
    [store, start, end] = [larger, 0, held];
  };
  return {
    get held() {
      return end - start;
    },
    push(chunk) {
      makeRoom(chunk.length);
      end += chunk.copy(store, end);
    },
    take(count) {
      const head = Buffer.from(store.subarray(start, start + count));
      start += count;
      if (start === end) [start, end] = [0, 0];
      return head;
    },
    indexOf(mark, from) {
      return store.subarray(start, end).indexOf(mark, from);
    },
  };
}
