/** Exit status, a stable contract (design section 5). 4, no usable Node, is bin/ajar.cjs's. */
export const EXIT = { clean: 0, findings: 1, badInput: 2, gaps: 3 } as const;
