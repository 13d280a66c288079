/**
 * What schedules have shown: a simulation in which nothing is lost, late, reordered or cut shows little.
 */
import type { Edge } from '../../properties/edge.ts';
import { type Witness, witnesses } from '../../properties/witnesses.ts';
import type { Happening } from '../../runtime/simulation/index.ts';

/** What the world does to pipes and processes, each to be seen at least once. */
export const WORLD_SIGHTS = [
  'the results ended before the exit was told',
  'the exit was told before the results ended',
  'half a frame was cut off by a death',
  'what a dead process had written was lost',
  'a result could not be read',
  'a call was written to a process that was gone or had closed its calls (EPIPE)',
  'a process wrote to results that it had closed (EPIPE)',
  'a result came later than its future was done',
  'frames of two processes were read in another order than they were written',
  'a frame was read ten or more events after it was written',
  'a timer overtook what was due before it',
  'a process ignored SIGTERM',
  'no process came into being',
  'an initializer failed',
  'a process wrote garbage',
] as const;

type WorldSight = (typeof WORLD_SIGHTS)[number];

/** Happenings that are a sight by themselves. */
const BY_TYPE: { readonly [type in Happening['type']]?: WorldSight } = {
  cutsFrame: 'half a frame was cut off by a death',
  losesFrames: 'what a dead process had written was lost',
  misreads: 'a result could not be read',
  ignoresSignal: 'a process ignored SIGTERM',
  failsToSpawn: 'no process came into being',
  failsToBoot: 'an initializer failed',
  writesGarbage: 'a process wrote garbage',
};
const ENDS_PROCESS: ReadonlySet<string> = new Set('crashes exits isKilled cutsFrame obeysSignal leaves'.split(' '));
const WRITES: ReadonlySet<string> = new Set('boots finishes throws cannotCopy'.split(' '));

/** Collects over many schedules; {@link Sights.begin} before each. */
export class Sights {
  readonly seen = new Set<string>();
  #unseen: readonly Witness[] = witnesses;
  #event = 0;
  /** Of each process: when what it has written and nobody has read was written; how it stands. */
  readonly #written = new Map<number, number[]>();
  readonly #deaf = new Set<number>();
  readonly #mute = new Set<number>();
  readonly #exited = new Set<number>();
  readonly #silent = new Set<number>();

  /** What must be seen. */
  static get all(): readonly string[] {
    return [...WORLD_SIGHTS, ...witnesses.map(({ name }) => name)];
  }

  begin(): void {
    this.#event = 0;
    for (const state of [this.#written, this.#deaf, this.#mute, this.#exited, this.#silent]) state.clear();
  }

  happens({ type, worker, isFault }: Happening): void {
    this.#event++;
    const sight = BY_TYPE[type];
    if (sight) this.#see(sight);
    if (type === 'timesOut' && isFault) this.#see('a timer overtook what was due before it');
    if (type === 'closesCalls' || ENDS_PROCESS.has(type)) this.#deaf.add(worker);
    if (type === 'closesResults') this.#mute.add(worker);
    if (WRITES.has(type)) this.#writes(worker);
    if (type === 'delivers') this.#reads(worker);
    if (type === 'reportsExit') {
      this.#exited.add(worker);
      if (!this.#silent.has(worker)) this.#see('the exit was told before the results ended');
    }
    if (type === 'endsResults') {
      this.#silent.add(worker);
      if (!this.#exited.has(worker)) this.#see('the results ended before the exit was told');
    }
  }

  lookAt(edge: Edge): void {
    for (const effect of edge.effects)
      if (effect.type === 'send' && this.#deaf.has(effect.worker))
        this.#see('a call was written to a process that was gone or had closed its calls (EPIPE)');
    if (edge.event.type === 'outcomeReceived' && edge.core.counts.dropped > edge.before.counts[4])
      this.#see('a result came later than its future was done');
    if (this.#unseen.length === 0) return;
    const now = this.#unseen.filter(({ seen }) => seen(edge));
    if (now.length === 0) return;
    for (const { name } of now) this.seen.add(name);
    this.#unseen = this.#unseen.filter((witness) => !now.includes(witness));
  }

  #writes(worker: number): void {
    if (this.#mute.has(worker)) this.#see('a process wrote to results that it had closed (EPIPE)');
    const frames = this.#written.get(worker);
    if (frames) frames.push(this.#event);
    else this.#written.set(worker, [this.#event]);
  }

  #reads(worker: number): void {
    const written = this.#written.get(worker)?.shift();
    if (written === undefined) return;
    if (this.#event - written >= 10) this.#see('a frame was read ten or more events after it was written');
    for (const [other, [first]] of this.#written)
      if (other !== worker && first !== undefined && first < written)
        this.#see('frames of two processes were read in another order than they were written');
  }

  #see(sight: WorldSight): void {
    this.seen.add(sight);
  }
}
