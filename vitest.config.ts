/**
 * Which tests run how.
 *
 * - `unit`: pure parts, imported as sources; fast, no process is started.
 * - `processes (tables)`, `processes (xstate)`: the conformance and contract suites against the built package, once on the
 *   compiled tables and once on the live XState machines. The pools of `test/helpers/pool.ts` read the variable below.
 * - `crash`: everything else that starts real processes or reads `dist/`, once, on the tables.
 *
 * A new folder of tests falls into `crash` by itself, so that no test is ever left out of a run.
 */
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const unit = [
  'test/guarantees/**/*.test.ts',
  'test/machines/**/*.test.ts',
  'test/runtime/**/*.test.ts',
  'test/properties/**/*.test.ts',
  'test/ladder/**/*.test.ts',
  'test/tidy/**/*.test.ts',
  'test/tidy.test.ts',
  'test/diagrams.test.ts',
];
const onBothCharts = ['test/conformance/**/*.test.ts', 'test/contract/**/*.test.ts'];

/** A project whose tests start real children. The groups run one after another: two cores are few enough for one. */
function processes(
  name: string,
  groupOrder: number,
  charts: 'tables' | 'xstate',
  include: string[],
  exclude: string[] = [],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include,
      // A list of our own takes the place of vitest's, which names these: test/mutate installs packages with tests.
      exclude: ['**/node_modules/**', ...exclude],
      env: { PROCFUTURES_TEST_CHARTS: charts },
      sequence: { groupOrder },
      testTimeout: 30_000,
      execArgv: ['--expose-gc'],
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/helpers/leaks.ts'],
    // Longer than the deadline of the leak check, which runs in a hook and has more to say than "hook timed out".
    hookTimeout: 20_000,
    allowOnly: false,
    reporters: ['default', './test/guarantees/reporter.ts'],
    slowTestThreshold: 2_000,
    // The built package runs as its users run it: loaded by Node itself, not transformed on the way in.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      { extends: true, test: { name: 'unit', include: unit, testTimeout: 15_000, execArgv: ['--expose-gc'] } },
      processes('processes (tables)', 1, 'tables', onBothCharts),
      processes('processes (xstate)', 2, 'xstate', onBothCharts),
      processes('crash', 3, 'tables', ['test/**/*.test.ts'], [...unit, ...onBothCharts]),
    ],
  },
});
