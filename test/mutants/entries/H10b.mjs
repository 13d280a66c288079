/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H10b',
  origin: 'CPython bpo-31699, bpo-30006, gh-75880',
  story: 'A result cannot be copied, and the worker dies of it.',
  patches: [
    {
      file: 'runtime/worker/reporter.ts',
      replace: `    } catch (reason) {
      return this.#uncopyable('result', findCulprit(value, 'result'), reason);`,
      with: `    } catch (reason) {
      process.exit(1);
      return this.#uncopyable('result', findCulprit(value, 'result'), reason);`,
    },
  ],
  killedBy: {
    file: 'test/conformance/deadlock.test.ts',
    title: 'test_error_during_result_pickle_on_worker: a result that cannot be sent fails its own future',
  },
};
