/**
 * Explores mutants, one after the other, in a thread: one that loops for ever is ended with it, and the next gets a new one.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, Worker } from 'node:worker_threads';

/** Beyond so many states or milliseconds a mutant counts as one that survived. */
const MAX_STATES = 300_000;
const MAX_MS = 20_000;
/** Random runs that a mutant gets to show itself in. */
const MAX_TAPES = 300;

/** Explores mutants until it is closed. */
export class Explorer {
  #thread;

  /**
   * @returns which properties the shortest run breaks with its last move, the one that is found first in front; none for a
   * survivor, and then why
   */
  explore(mutant) {
    this.#thread ??= new Worker(new URL(import.meta.url));
    const thread = this.#thread;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        resolve({ broken: [], why: `no verdict within ${MAX_MS} ms: the mutant may loop for ever`, run: [] });
      }, MAX_MS);
      thread.once('message', (verdict) => {
        clearTimeout(timer);
        thread.off('error', reject);
        resolve(verdict);
      });
      thread.once('error', reject);
      thread.postMessage(mutant);
    });
  }

  close() {
    this.#thread?.terminate();
    this.#thread = undefined;
  }
}

async function load(dir, file) {
  return import(pathToFileURL(join(dir, file)).href);
}

/** The tables that the patched machines compile to. */
async function compiledAnew(dir) {
  const { compile } = await load(dir, 'machines/compile.js');
  const { tableChart } = await load(dir, 'machines/table-chart.js');
  const { executorMachine, futureMachine, workerMachine } = await load(dir, 'machines/index.js');
  const chart = (machine) => tableChart(compile(machine));
  return { future: chart(futureMachine), worker: chart(workerMachine), executor: chart(executorMachine) };
}

async function explore({ base, mutant, scope, usesCharts, corpus }) {
  const properties = await load(mutant, 'properties/index.js');
  const charts = usesCharts ? await compiledAnew(mutant) : undefined;
  const options = { maxStates: MAX_STATES, ...(charts && { charts }) };
  const rungs = { L2: usesCharts, L12: breaksCorpus(properties, corpus, charts) };
  const { violation, states, isComplete } = properties.explore(scope, options);
  if (!violation)
    return {
      broken: [],
      why: `${isComplete ? 'all ' : ''}${states} states keep every promise`,
      run: [],
      states,
      rungs,
    };
  const { run, why } = violation;
  const { replayRun } = await load(base, 'properties/index.js');
  const besides = replayRun(scope, run);
  if (besides) return { broken: [], why: `the project itself breaks ${besides.invariant.id}: ${besides.why}`, run };
  const first = violation.invariant.id;
  const broken = [...new Set([first, ...allBroken(properties, scope, charts, run)])];
  const { isFound, shrunk } = atRandom(properties, scope, charts, broken);
  return { broken, why, run, states, shrunk, rungs: { ...rungs, L3: true, L6: isFound } };
}

/** Whether one of so many random runs breaks a promise; and how long the first is, shrunk, that breaks one of these. */
function atRandom({ playTape, shrinkRun, tapeOf }, scope, charts, promises) {
  let isFound = false;
  for (let seed = 0; seed < MAX_TAPES; seed++) {
    const { violation } = playTape(scope, tapeOf(seed, 60), { ...(charts && { charts }) });
    isFound ||= violation !== undefined;
    if (violation && promises.includes(violation.invariant.id))
      return { isFound, shrunk: shrinkRun(scope, violation, charts).run.length };
  }
  return { isFound, shrunk: undefined };
}

/** Whether a run of the regression corpus breaks a promise. */
function breaksCorpus({ replayRun }, corpus, charts) {
  return corpus.some(({ scope, run }) => replayRun(scope, run, charts) !== undefined);
}

/** All promises that the last move of a run breaks: which of them is asked first means nothing. */
function allBroken({ World, invariants }, scope, charts, run) {
  const world = new World(scope, charts);
  try {
    for (const move of run.slice(0, -1)) {
      const edge = world.happen(move);
      if (edge) world.settle(edge);
    }
    const edge = run.length > 0 ? world.happen(run.at(-1)) : undefined;
    if (!edge) return [];
    return invariants
      .filter(({ on, violation }) => (!on || on.includes(edge.event.type)) && violation(edge) !== undefined)
      .map(({ id }) => id);
  } catch {
    // The move itself fails: that is P0, and there is no step to be judged.
    return [];
  }
}

parentPort?.on('message', async (mutant) => parentPort.postMessage(await explore(mutant)));
