/**
 * What `step` does when a chart is drawn wrong in a way that no table can show.
 */
import { expect, it } from 'vitest';
import { type Charts, compiledCharts, createCore, createWork, step } from '../../machines/index.ts';
import { mutant } from '../../properties/mutants.ts';

/** The charts that ship, but for one transition of the executor. */
function withExecutor(state: string, event: string, leadsTo: string, charts: Charts = compiledCharts): Charts {
  const { executor } = charts;
  const transition: typeof executor.transition = (at, told) => {
    const cell = executor.transition(at, told);
    if (executor.name(at) !== state || told !== event) return cell;
    for (let next = 0; ; next++) if (executor.name(next) === leadsTo) return { next, effects: [] };
  };
  return { ...charts, executor: { ...executor, transition } };
}

const OPTIONS = { maxWorkers: 1, maxTasksPerChild: 1, prefetchHorizon: 0 };
const SAYS = /^the executor chart was told 17 facts in one step, and in '[\w.]+' there is still '\w+': a fact must/;

it('a chart that ignores a fact ends in an assertion that names state and fact, not in an endless loop', () => {
  const charts = withExecutor('shuttingDown.draining', 'drained', 'shuttingDown.draining');
  const core = createCore(OPTIONS, charts);
  expect(() => step(core, { type: 'shutdown', wait: true, cancelFutures: false })).toThrow(SAYS);
});

it('so do two facts that lead to each other', () => {
  const charts = withExecutor('shuttingDown.draining', 'drained', 'broken.breaking');
  const core = createCore(OPTIONS, withExecutor('broken.breaking', 'futuresFailed', 'shuttingDown.draining', charts));
  expect(() => step(core, { type: 'shutdown', wait: true, cancelFutures: false })).toThrow(SAYS);
});

it('a defect fails the futures also where another one has stopped the pool in the middle of breaking', () => {
  // A cancelled call that is never counted as settled: the pool waits for it when it breaks.
  const { charts } = mutant('future PENDING/cancel loses publish');
  const core = createCore(OPTIONS, charts);
  const [first, second] = [createWork(charts, 0, undefined), createWork(charts, 0, undefined)];
  step(core, { type: 'submit', work: first });
  step(core, { type: 'submit', work: second });
  step(core, { type: 'cancel', work: second });
  step(core, { type: 'spawnFailed', worker: 0, cause: 'no memory' });
  expect(charts.executor.name(core.executor)).toBe('broken.breaking');
  expect(charts.future.name(first.state)).toBe('FINISHED');
  expect(() => step(core, { type: 'shutdown', wait: true, cancelFutures: false })).toThrow(/cannot happen/);

  step(core, { type: 'internalFailure', cause: 'the step before' });

  expect(core.loss, 'everybody is told the first cause').toMatchObject({ reason: 'spawnFailed' });
});
