/**
 * L6 on the public API: random commands beside a reference model, on the runtime that ships and simulated processes.
 */
import * as fc from 'fast-check';
import type { Charts } from '../../machines/index.ts';
import { chartsOf, grouped, type Rung, type Setting } from '../../properties/ladder/rung.ts';
import { apiCommands, type Tally } from './api-commands.ts';
import { ApiModel } from './api-model.ts';
import { type Api, ApiSystem, PUBLIC } from './api-system.ts';
import { withoutWarnings } from './quiet.ts';

/** Commands in a run at most. */
const MOST = 40;
const SEED = 20;

/** What came of it. */
export interface CommandsRun extends Tally {
  runs: number;
  /** The shrunk commands and how to run them again, if they have failed. */
  failure: string | undefined;
}

/** Options of {@link runCommands}. */
export interface CommandsOptions {
  readonly runs: number;
  /** @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** A planted bug. @defaultValue the public API as it is */
  readonly api?: Api;
  readonly progress?: Setting['progress'];
}

/** Runs commands until they fail, and shrinks them then. */
export async function runCommands(options: CommandsOptions): Promise<CommandsRun> {
  const { runs: numRuns, charts, api = PUBLIC, progress = () => {} } = options;
  const tally: Tally = { generated: 0, executed: 0 };
  let runs = 0;
  const property = fc.asyncProperty(
    apiCommands(tally, MOST),
    fc.integer({ min: 1, max: 3 }),
    async (commands, workers) => {
      let system: ApiSystem | undefined;
      const setup = () => {
        const model = new ApiModel();
        system = new ApiSystem(model, api, charts, workers);
        system.submit(0);
        return { model, real: system };
      };
      await fc.asyncModelRun(setup, commands);
      await system?.end();
      if (++runs % 1000 === 0) progress(`${grouped(runs)} of ${grouped(numRuns)} runs of commands`);
    },
  );
  const details = await withoutWarnings('PROCFUTURES_UNKILLABLE', () => fc.check(property, { numRuns, seed: SEED }));
  const failure = details.failed
    ? `${String(details.errorInstance)}\n${await fc.asyncDefaultReportMessage(details)}`
    : undefined;
  return { ...tally, runs, failure };
}

/** L6, its public half. */
export const commandsOnApi: Rung = {
  id: 'L6api',
  what:
    'random commands on the public API (submit, cancel, result, wait, asCompleted, map, shutdown, forced stops, a ' +
    'worker that dies) beside a model written from the documentation, under fast-check',
  floor: 'every run good; executed / generated >= 0.9',
  doesNotShow:
    'that commands could be skipped: a call is there from the start, so the share is 1 by construction; that map left ' +
    'early cancels what has not started; that a plain shutdown() cancels nothing of a map; which futures wait() calls ' +
    'not done; resultNow and exceptionNow before the end; callbacks added later; shutdown({ wait: false }); timeouts ' +
    'above 0; lazy inputs',
  climb: async (setting) => {
    const { isDeep, progress } = setting;
    const charts = chartsOf(setting);
    const options = { runs: isDeep ? 100_000 : 10_000, progress, ...(charts && { charts }) };
    const { runs, generated, executed, failure } = await runCommands(options);
    const share = executed / generated;
    const length = (executed / Math.max(runs, 1)).toFixed(1);
    const number = `${grouped(runs)} runs of ${length} commands, executed / generated ${share.toFixed(3)}`;
    const notes = failure === undefined ? [] : [failure];
    return { number, isMet: failure === undefined && share >= 0.9, notes, data: { runs, generated, executed } };
  },
};
