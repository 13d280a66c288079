/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H42',
  origin: 'CPython gh-132063',
  story: 'A task throws a falsy value: result() returns as if nothing had been thrown.',
  patches: [
    {
      file: 'runtime/future.ts',
      replace: `    if (outcome.kind === 'result') return outcome.value as T;
    throw outcome.error;`,
      with: `    if (outcome.kind === 'exception' && outcome.error) throw outcome.error;
    return (outcome as { value?: unknown }).value as T;`,
    },
  ],
  killedBy: {
    file: 'test/conformance/executor.test.ts',
    title: 'test_swallows_falsey_exceptions: a thrown falsy value rejects the future with that very value',
  },
};
