/**
 * The tests that judge mutants of the runtime: pure parts and simulated processes, in one process and without chance, and
 * the sources in the place of the built package.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^procfutures$/, replacement: source('runtime/index.ts') },
      { find: /^procfutures\/(machines|properties)$/, replacement: source('$1/index.ts') },
      { find: /^procfutures\/simulation$/, replacement: source('runtime/simulation/index.ts') },
    ],
  },
  test: {
    include: ['test/runtime/**/*.test.ts', 'test/contract/simulated.test.ts'],
    setupFiles: ['test/mutate/collect.ts', 'test/helpers/leaks.ts'],
    pool: 'threads',
    testTimeout: 15_000,
  },
});
