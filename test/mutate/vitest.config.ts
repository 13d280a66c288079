/**
 * The tests that judge mutants of the runtime: those that run in one process, with the sources in the place of the built
 * package. Where they start worker processes, these run the built code, which has no mutants.
 *
 * Without the check for leaks: it looks at the whole process, and that of a run of mutants is not the tests' own.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const builtWorkers: Plugin = {
  name: 'workers run what is built',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('runtime/child-process/command.ts')
      ? code.replace("'../worker/main.js', import.meta.url", "'../../dist/runtime/worker/main.js', import.meta.url")
      : undefined,
};

export default defineConfig({
  plugins: [builtWorkers],
  resolve: {
    alias: [
      { find: /^procfutures$/, replacement: source('runtime/index.ts') },
      { find: /^procfutures\/(machines|properties)$/, replacement: source('$1/index.ts') },
      { find: /^procfutures\/(simulation|worker)$/, replacement: source('runtime/$1/index.ts') },
      { find: /^(?:\.\.\/)+dist\/(.*)\.js$/, replacement: source('$1.ts') },
    ],
  },
  test: {
    include: [
      'test/runtime/**/*.test.ts',
      'test/contract/simulated.test.ts',
      'test/bad-input/{calls,futures,options,task-references}.test.ts',
      'test/conformance/{as-completed,executor,executor-map,future,wait}.test.ts',
      'test/regression/**/*.test.ts',
    ],
    env: { PROCFUTURES_TEST_CHARTS: 'tables' },
    setupFiles: ['test/mutate/collect.ts'],
    pool: 'threads',
    testTimeout: 20_000,
  },
});
