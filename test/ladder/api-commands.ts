/**
 * Commands on the public API, each with what its reference model says must come of it.
 *
 * Calls are named by numbers that wrap around, so that hardly any command has to be skipped, also in a shrunk run.
 */
import * as fc from 'fast-check';
import { BrokenProcessPool, ExecutorShutdownError, TimeoutError } from '../../runtime/errors.ts';
import { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, type ReturnWhen } from '../../runtime/wait.ts';
import { type ApiModel, endingOf } from './api-model.ts';
import { type ApiSystem, complain } from './api-system.ts';

type ApiCommand = fc.AsyncCommand<ApiModel, ApiSystem>;

/** How many commands were asked whether they can be run, and how many were. */
export interface Tally {
  generated: number;
  executed: number;
}

/** A command, in words as a reader would write it. */
class Command implements ApiCommand {
  readonly #words: string;
  readonly #tally: Tally;
  readonly #needsCalls: boolean;
  readonly #act: (model: ApiModel, system: ApiSystem) => unknown;

  constructor(words: string, tally: Tally, needsCalls: boolean, act: (model: ApiModel, system: ApiSystem) => unknown) {
    this.#words = words;
    this.#tally = tally;
    this.#needsCalls = needsCalls;
    this.#act = act;
  }

  check({ calls }: Readonly<ApiModel>): boolean {
    this.#tally.generated++;
    return !this.#needsCalls || calls.length > 0;
  }

  async run(model: ApiModel, system: ApiSystem): Promise<void> {
    this.#tally.executed++;
    const isAtRest = (await this.#act(model, system)) === 'at rest';
    await system.check(isAtRest);
  }

  toString(): string {
    return this.#words;
  }
}

/** Everything that a user can do, and what the world does in between. */
export function apiCommands(tally: Tally, maxCommands: number): fc.Arbitrary<Iterable<ApiCommand>> {
  const plain = (words: string, act: (model: ApiModel, system: ApiSystem) => unknown): fc.Arbitrary<ApiCommand> =>
    fc.constant(null).map(() => new Command(words, tally, false, act));
  const ofCall = (words: string, act: (model: ApiModel, system: ApiSystem, index: number) => unknown) =>
    fc
      .nat({ max: 9 })
      .map((n) => new Command(`${words}(${n})`, tally, true, (m, s) => act(m, s, n % Math.max(m.calls.length, 1))));
  const ofCalls = (words: string, act: (model: ApiModel, system: ApiSystem, indexes: number[]) => unknown) =>
    fc
      .uniqueArray(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 })
      .map(
        (ns) =>
          new Command(`${words}(${ns.join(' ')})`, tally, true, (m, s) =>
            act(m, s, [...new Set(ns.map((n) => n % Math.max(m.calls.length, 1)))]),
          ),
      );
  const submit = fc
    .nat({ max: 19 })
    .map((n) => new Command(`submit(${n})`, tally, false, (m, s) => submitOne(m, s, n)));
  const pass = fc.integer({ min: 1, max: 8 }).map(
    (n) =>
      new Command(`${n} happenings`, tally, false, (_, { world }) => {
        let left = n;
        world.run((enabled) => (left-- > 0 && enabled.length > 0 ? mildest(enabled) : undefined));
      }),
  );
  const waiting = (returnWhen: ReturnWhen): fc.Arbitrary<ApiCommand> =>
    ofCalls(`wait ${returnWhen} `, (_, system, indexes) => system.wait(indexes, returnWhen));
  const map = fc
    .record({
      items: fc.array(fc.nat({ max: 19 }), { minLength: 1, maxLength: 6 }),
      chunksize: fc.integer({ min: 1, max: 3 }),
      leaveAfter: fc.constantFrom(1, 2, 99, 99, 99),
    })
    .map(
      ({ items, chunksize, leaveAfter }) =>
        new Command(`map(${items.join(' ')}; ${chunksize}, left after ${leaveAfter})`, tally, false, (model, system) =>
          refusedOr(model, () => system.map(items, chunksize, leaveAfter)),
        ),
    );
  const common: fc.Arbitrary<ApiCommand>[] = [
    ...Array<fc.Arbitrary<ApiCommand>>(4).fill(submit),
    ...Array<fc.Arbitrary<ApiCommand>>(4).fill(pass),
    ...Array<fc.Arbitrary<ApiCommand>>(2).fill(ofCall('cancel', cancel)),
    plain('rest', (_, { world }) => {
      world.settle();
      return 'at rest';
    }),
    ofCall('result, timeout 0, ', resultNow),
    waiting(FIRST_COMPLETED),
    waiting(FIRST_EXCEPTION),
    waiting(ALL_COMPLETED),
    ofCalls('wait, timeout 0, ', waitNow),
    ofCalls('asCompleted', (_, system, indexes) => system.iterate(indexes)),
    map,
  ];
  const rare: fc.Arbitrary<ApiCommand>[] = [
    plain('shutdown()', (model, system) => {
      model.isOpen = false;
      system.expect(system.pool.shutdown(), 'shutdown()');
    }),
    plain('shutdown({ cancelFutures: true })', (model, system) => {
      model.isOpen = false;
      model.cancelPending();
      system.expect(system.pool.shutdown({ cancelFutures: true }), 'shutdown({ cancelFutures })');
    }),
    plain('terminateWorkers()', (model, system) => stop(model, system, 'terminateWorkers')),
    plain('killWorkers()', (model, system) => stop(model, system, 'killWorkers')),
    plain('a worker is killed', (model, { world }) => {
      const death = world.enabled().find(({ type }) => type === 'isKilled');
      if (!death) return;
      model.cut();
      world.happen({ type: 'isKilled', worker: death.worker });
    }),
  ];
  const weighted = fc.oneof(
    ...common.map((arbitrary) => ({ arbitrary, weight: 6 })),
    ...rare.map((arbitrary) => ({ arbitrary, weight: 1 })),
  );
  return fc.commands([weighted], { maxCommands, size: 'max' });
}

/** The first that is no fault, as a healthy machine has it. */
function mildest(enabled: readonly { readonly isFault: boolean }[]): number | undefined {
  const place = enabled.findIndex(({ isFault }) => !isFault);
  return place < 0 ? undefined : place;
}

function submitOne(model: ApiModel, system: ApiSystem, n: number): void {
  refusedOr(model, () => system.submit(n));
}

/** Does what needs an open pool: one that is shut down or broken refuses it at once, with the error that says so. */
function refusedOr(model: ApiModel, act: () => void): void {
  try {
    act();
  } catch (error) {
    const isRight =
      (error instanceof ExecutorShutdownError && !model.isOpen) || (error instanceof BrokenProcessPool && model.isCut);
    complain(isRight ? undefined : `it was refused with ${String(error)}`);
    return;
  }
  complain(model.isOpen ? undefined : 'a pool that was shut down has taken a call');
}

function cancel(model: ApiModel, system: ApiSystem, index: number): void {
  const expected = model.cancels(index);
  const answer = system.api.cancel(system.futures[index] as never);
  complain(answer === expected ? undefined : `cancel() of call ${index} has answered ${answer}`);
  if (expected) model.cancel(index);
}

async function resultNow(model: ApiModel, system: ApiSystem, index: number): Promise<void> {
  const isDone = model.isDone(index);
  const future = system.futures[index];
  const answer = await (future as NonNullable<typeof future>).result({ timeout: 0 }).then(
    () => 'result' as const,
    (error: unknown) => ({ error }),
  );
  const timedOut = typeof answer === 'object' && answer.error instanceof TimeoutError;
  if (timedOut === isDone) complain(`result({ timeout: 0 }) of call ${index} ${timedOut ? 'timed out' : 'came'}`);
  const { n, isAtRisk, state } = model.calls[index] as (typeof model.calls)[number];
  const isGood = state === 'FINISHED' && endingOf(n).kind === 'result' && !isAtRisk;
  if (isGood && answer !== 'result') complain(`result() of call ${index} has failed`);
}

async function waitNow(model: ApiModel, system: ApiSystem, indexes: number[]): Promise<void> {
  const futures = indexes.map((index) => system.futures[index] as (typeof system.futures)[number]);
  const { done } = await system.api.wait(futures, { timeout: 0 });
  const expected = indexes.filter((index) => model.isDone(index)).map((index) => system.futures[index]);
  const isRight = done.size === expected.length && expected.every((future) => done.has(future as never));
  complain(isRight ? undefined : `wait({ timeout: 0 }) says that ${done.size} are done, and ${expected.length} are`);
}

function stop(model: ApiModel, system: ApiSystem, how: 'terminateWorkers' | 'killWorkers'): void {
  model.isOpen = false;
  model.cut();
  model.cancelPending();
  system.expect(system.pool[how](), `${how}()`);
}
