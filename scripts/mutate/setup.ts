/** What the tests run under while code is mutated: the same score each time, whatever else the machine does. */
import fc from 'fast-check';
import { beforeEach } from 'vitest';

fc.configureGlobal({ seed: 1 });

/** Code that counts its mutants is slower than ours: a limit of time says nothing of it. */
const TIMED = /within \d+ ms|in good time/u;
beforeEach(({ task, skip }) => {
  if (TIMED.test(task.name)) skip('its time is not that of the code as written');
});
