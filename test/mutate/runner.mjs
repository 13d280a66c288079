/**
 * A test runner for Stryker: a mutant costs some hundredths of a second, and the tests up to the first that fails.
 *
 * Its own runner for vitest starts a thread and loads every module for each mutant: two seconds, some hours for this
 * package. Here each test file is bundled once, together with the sources that it needs, and evaluated anew for each
 * mutant. So no mutant meets what an earlier one left in a module, and one that is decided while a module is loaded needs
 * no rule of its own. What is left in the globals and in the operating system ends with this process, which is replaced
 * after `maxTestRunnerReuse` mutants.
 *
 * What happens outside of a test (an unhandled rejection) kills no mutant here, though it would fail a run of `vitest`.
 */
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { startTests } from '@vitest/runner';
import { getTests } from '@vitest/runner/utils';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { areas } from './areas.mjs';
import { bundleTests } from './bundle.mjs';

globalThis.__stryker__ ??= {};
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc');
process.env.PROCFUTURES_TEST_CHARTS = 'tables';
// A mutant is killed by the first counterexample: nobody will read the smallest. Always the same runs, so that two
// judgements of a mutant are one.
fc.configureGlobal({ endOnFailure: true, seed: 1 });

const TIMEOUT_MS = 10_000;
const EVENTS = ['exit', 'beforeExit', 'warning', 'uncaughtException', 'unhandledRejection', 'uncaughtExceptionMonitor'];

process.on('unhandledRejection', () => {}).on('uncaughtException', () => {});
const ownListeners = new Map(EVENTS.map((event) => [event, process.listeners(event)]));

/** As many listeners as before: a test that failed may not have taken its own away. */
function restoreListeners() {
  for (const [event, listeners] of ownListeners)
    for (const one of process.listeners(event)) if (!listeners.includes(one)) process.off(event, one);
}

/** What the runner of vitest asks of whoever uses it. */
class Judge {
  config = {
    root: process.cwd(),
    name: '',
    setupFiles: [],
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    maxConcurrency: 1,
    retry: 0,
    sequence: { shuffle: false, concurrent: false, hooks: 'stack', setupFiles: 'list', seed: 1 },
    tags: [],
    fakeTimers: {},
  };

  /** @param {{ ns: object, importFile: () => Promise<unknown>, wanted?: Set<string>, isFinal: boolean }} run */
  constructor(run) {
    this.run = run;
  }

  importFile() {
    return this.run.importFile();
  }

  onCollected([file]) {
    const { wanted, path } = this.run;
    for (const [place, test] of getTests(file).entries()) {
      test.strykerId = `${path}#${place}`;
      if (wanted && !wanted.has(test.strykerId)) test.mode = 'skip';
    }
  }

  onBeforeRunTask(test) {
    if (this.failed) test.mode = 'skip';
    this.run.ns.currentTestId = test.strykerId;
  }

  onAfterRunTask(test) {
    this.run.ns.currentTestId = undefined;
    if (test.result?.state === 'fail') this.failed = test;
  }
}

class BundlingRunner {
  static inject = [];
  // Where instrumented sources look for the mutant that is on, and count what runs.
  ns = globalThis.__stryker__;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const { tests } = areas.find(({ name }) => name === process.env.PROCFUTURES_MUTATE_AREA);
    const paths = new Set(tests.flatMap((pattern) => globSync(pattern).sort()));
    this.files = await Promise.all([...paths].map(async (path) => ({ path, bundle: await bundleTests(path) })));
  }

  async dryRun() {
    const tests = [];
    for (const file of this.files) tests.push(...(await this.#runFile(file)));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.ns.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const wanted = testFilter && new Set(testFilter);
    const paths = testFilter && new Set(testFilter.map((id) => id.split('#')[0]));
    Object.assign(this.ns, { hitCount: 0, hitLimit });
    const tests = [];
    for (const file of this.files) {
      if (paths && !paths.has(file.path)) continue;
      tests.push(...(await this.#runFile(file, { wanted, activeMutant: activeMutant.id, mutantActivation })));
      if (tests.at(-1)?.status === TestStatus.Failed) break;
    }
    this.ns.activeMutant = undefined;
    const reached = determineHitLimitReached(this.ns.hitCount, hitLimit);
    return toMutantRunResult(reached ?? { status: DryRunStatus.Complete, tests });
  }

  #evaluations = 0;

  /** Runs the tests of one file up to the first that fails, which is the last of those that are returned. */
  async #runFile({ path, bundle }, { wanted, activeMutant, mutantActivation } = {}) {
    restoreListeners();
    const { ns } = this;
    ns.activeMutant = mutantActivation === 'static' ? activeMutant : undefined;
    const importFile = async () => {
      await import(`${pathToFileURL(bundle)}?${this.#evaluations++}`);
      ns.activeMutant = activeMutant;
    };
    const [file] = await startTests(
      [{ filepath: path, testLocations: undefined }],
      new Judge({ ns, path, importFile, wanted }),
    );
    const errors = file.result?.errors ?? [];
    const ran = getTests(file).filter(({ result }) => result?.state === 'pass' || result?.state === 'fail');
    const results = ran.map(({ strykerId, name, result }) => ({
      id: strykerId,
      name: `${path}: ${name}`,
      timeSpentMs: result.duration ?? 0,
      ...(result.state === 'pass'
        ? { status: TestStatus.Success }
        : { status: TestStatus.Failed, failureMessage: result.errors?.[0]?.message ?? 'failed' }),
    }));
    if (errors.length > 0 && results.at(-1)?.status !== TestStatus.Failed) {
      const failureMessage = `${path}: ${errors[0].message}`;
      results.push({ id: path, name: path, timeSpentMs: 0, status: TestStatus.Failed, failureMessage });
    }
    return results;
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'bundled', BundlingRunner)];
