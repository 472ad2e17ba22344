import fc from 'fast-check';

/** Bytes as a stranger may send them: anything at all, or one of `seeds` with a few bytes changed, cut or doubled. */
export function hostileBytes(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(100_000), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)));
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }), fc.nat(100_000), fc.boolean())
      .map(([seed, changes, length, cut]) => {
        const copy = Buffer.from(seed);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return cut ? copy.subarray(0, length % (copy.length + 1)) : copy;
      }),
  );
}
