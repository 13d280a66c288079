/**
 * A pool whose steps are looked upon: the production `step` under the production driver, each step judged where it
 * happens, on the core that runs and not on a recording of it.
 */
import { type Charts, type CoreEvent, type CoreState, compiledCharts } from '../../machines/index.ts';
import { type Breach, judge } from '../../properties/catalogue.ts';
import { type Edge, takeStep } from '../../properties/edge.ts';
import { createHistory, forget, type History } from '../../properties/history.ts';
import { NO_CRASH } from '../../properties/rest.ts';
import type { HostFactory } from '../../runtime/host.ts';
import type { ProcessPoolExecutorOptions } from '../../runtime/options.ts';
import { ProcessPoolExecutor } from '../../runtime/process-pool-executor.ts';

/** What becomes of each step. */
export interface Onlooker {
  /** Told of each step after it was judged, before its effects are performed. */
  readonly onStep?: (edge: Edge) => void;
  /** Whether invariants are judged; else steps are only counted and told. */
  readonly judges: boolean;
}

/** A pool with its core in view. */
export class OpenPool {
  readonly pool: ProcessPoolExecutor;
  readonly history: History = createHistory();
  /** The core, once it has stepped. */
  core: CoreState | undefined;
  steps = 0;
  /** The first promise that a step has broken. */
  breach: Breach | undefined;
  readonly #onlooker: Onlooker;

  /** @param options.charts by default the compiled tables */
  constructor(
    options: ProcessPoolExecutorOptions,
    host: HostFactory,
    onlooker: Onlooker,
    charts: Charts = compiledCharts,
  ) {
    this.#onlooker = onlooker;
    const looksOn = onlooker.judges || onlooker.onStep !== undefined;
    const step = (core: CoreState, event: CoreEvent) => this.#step(core, event).effects;
    this.pool = new ProcessPoolExecutor(options, { host: () => host, charts, ...(looksOn ? { step } : {}) });
  }

  #step(core: CoreState, event: CoreEvent): Edge {
    const { history } = this;
    this.core = core;
    this.steps++;
    let edge: Edge;
    try {
      edge = takeStep(core, history, event);
    } catch (error) {
      this.breach ??= { invariant: NO_CRASH, why: error instanceof Error ? error.message : String(error) };
      throw error;
    }
    if (this.#onlooker.judges && this.breach === undefined) this.breach = judge(edge);
    this.#onlooker.onStep?.(edge);
    forget(history, core);
    return edge;
  }
}
