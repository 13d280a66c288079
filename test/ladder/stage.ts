/**
 * Two stages on which a move of the explorer is made for real: simulated processes, and a host that is told what to say.
 */
import type { CoreEvent, Observation } from '../../machines/index.ts';
import type { Edge } from '../../properties/edge.ts';
import type { Verb } from '../../properties/moves.ts';
import type { Proc } from '../../properties/process.ts';
import type { HostFactory, WorkerHost } from '../../runtime/host.ts';
import { type Choice, World } from '../../runtime/simulation/index.ts';

/** What is known of a move when it is made. */
export interface Act {
  readonly verb: Verb;
  /** The worker, for a move of a process. */
  readonly id: number;
  /** The process as it was before the move. */
  readonly proc: Pick<Proc, 'phase' | 'calls'> | undefined;
  /** What the core of the explorer was told, if it was. */
  readonly event: CoreEvent | undefined;
}

/** Where processes live. */
export interface Stage {
  readonly host: HostFactory;
  /** Lets a process move, or tells what happened to it. */
  act(act: Act): void;
  /** Lets all end that was told to. */
  end(edge: Edge | undefined): void;
}

/** What no process and no user brings about by itself; the driver is told directly. */
const TOLD: ReadonlySet<Verb> = new Set(['estimate', 'internalFailure', 'collected', 'processExit']);

/** On the processes of `procfutures/simulation`. */
export function simulatedStage(): Stage {
  const world = new World();
  const struck = new Set<number>();
  let tell: (event: Observation) => void = () => {};
  const running = new Set<number>();
  const happen = (worker: number, ...types: Choice['type'][]): void => {
    for (const type of types) world.happen({ type, worker });
  };
  const take = (id: number): Choice['type'][] => (running.delete(id) ? [] : ['takes']);
  return {
    host: (emit) => {
      tell = emit;
      return world.host()(emit);
    },
    act({ verb, id, proc, event }) {
      if (TOLD.has(verb)) return tell(event as Observation);
      switch (verb) {
        case 'spawned':
          happen(id, 'spawns');
          // Its death fell into the moment before its start was told.
          if (struck.delete(id)) happen(id, 'isKilled');
          return;
        case 'crash':
          if (proc?.phase === 'asked') struck.add(id);
          else happen(id, 'isKilled');
          return;
        case 'reject':
          return world.happen({ type: 'rejects', worker: id, work: proc?.calls.at(-1) as number });
        case 'deafen':
          // What it has read before it closes the pipe it will run.
          if (proc?.phase === 'ready' && proc.calls.length > 0) {
            happen(id, 'takes');
            running.add(id);
          }
          return happen(id, 'closesCalls');
        case 'finish':
          return happen(id, ...take(id), 'finishes');
        case 'throw':
        case 'misreadArgument':
          return happen(id, ...take(id), 'throws');
        case 'failToCopyResult':
          return happen(id, ...take(id), 'cannotCopy');
        default:
          return happen(id, ...(SAME[verb] ?? impossible(verb)));
      }
    },
    end: () => {
      world.settle();
    },
  };
}

/** Moves of the explorer that are one happening of the simulation. */
const SAME: { readonly [verb in Verb]?: readonly [Choice['type']] } = {
  spawnFailed: ['failsToSpawn'],
  boot: ['boots'],
  failToInitialize: ['failsToBoot'],
  leave: ['leaves'],
  die: ['obeysSignal'],
  ignore: ['ignoresSignal'],
  spoil: ['writesGarbage'],
  cut: ['losesFrames'],
  read: ['delivers'],
  misread: ['misreads'],
  tellExit: ['reportsExit'],
  tellCallsEnd: ['endsCalls'],
  tellEnd: ['endsResults'],
  timer: ['timesOut'],
  hurryTimer: ['timesOut'],
  bootTimer: ['timesOut'],
};

function impossible(verb: Verb): never {
  throw new RangeError(`No simulated process can '${verb}'.`);
}

/** On a host that has no processes and says what it is told to: also what no host would say. */
export function toldStage(): Stage {
  /** What was told of the end of each. */
  const workers = new Map<number, Set<string>>();
  let tell: (event: Observation) => void = () => {};
  const host: WorkerHost = {
    spawn: (worker) => void workers.set(worker, new Set()),
    send() {},
    end() {},
    timer() {},
    release: (worker) => void workers.delete(worker),
    hold() {},
  };
  return {
    host: (emit) => {
      tell = emit;
      return host;
    },
    act({ event }) {
      if (!event) return;
      if ('worker' in event) workers.get(event.worker)?.add(event.type);
      tell(event as Observation);
    },
    end: () => {
      for (const [worker, told] of workers) {
        if (!told.has('exited')) tell({ type: 'exited', worker, code: null, signal: 'SIGKILL', stderr: '' });
        if (workers.has(worker) && !told.has('channelEnded')) tell({ type: 'channelEnded', worker });
      }
    },
  };
}
