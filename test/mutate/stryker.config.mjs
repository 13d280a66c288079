/** How Stryker runs over one area of `areas.mjs`; `run.mjs` names it. */
import { areas } from './areas.mjs';

const area = areas.find(({ name }) => name === process.env.PROCFUTURES_MUTATE_AREA);
if (!area) throw new Error('Stryker is started by test/mutate/run.mjs: say `npm run mutate`.');

export default {
  tsconfigFile: 'none: TypeScript 7 has no compiler API to read one with',
  plugins: ['./test/mutate/runner.mjs'],
  testRunner: 'bundled',
  mutate: area.mutate,
  ignorePatterns: ['bench', 'docs', 'coverage', 'examples'],
  tempDirName: `node_modules/.stryker-${area.name}`,
  timeoutMS: 10_000,
  maxTestRunnerReuse: 60,
  disableTypeChecks: false,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `coverage/mutation-${area.name}.json` },
};
