/**
 * Makes plans. What may go wrong is drawn anew for each episode (swarm testing: Groce et al., ISSTA 2012): a mix in
 * which everything goes wrong every time ends in the first second and never sees a long life.
 */
import type { Deed, End, Plan, PlanOptions, Step, TaskName, TaskSpec } from './plan.ts';
import { Random } from './random.ts';

/** What plans may do. */
export interface PlanMaker {
  /** Whether an episode may end with the end of the process that holds the pool. */
  readonly parentMayDie: boolean;
}

/** One kind of trouble, or of peace: appends steps. */
type Motif = (draft: Draft) => void;

/**
 * The plan of one episode of a run.
 *
 * Most is drawn; but each kind of trouble, each rare option and each end of the parent has its turn, so that a run of
 * some length lacks none of them by chance.
 */
export function makePlan(seed: string, episode: number, { parentMayDie }: PlanMaker): Plan {
  const random = new Random(`${seed}/${episode}`);
  const options = optionsFor(random, episode);
  const draft = new Draft(random, options);
  const turn = TROUBLE[episode % TROUBLE.length] as Motif;
  const motifs: (readonly [weight: number, motif: Motif])[] = PEACE.map((motif) => [random.between(1, 4), motif]);
  for (const motif of TROUBLE) if (random.chance(0.1)) motifs.push([random.between(1, 3), motif]);
  const length = random.between(1, 8);
  const turnAt = Math.min(random.between(0, length - 1), random.between(0, length - 1));
  for (let i = 0; i < length; i++) {
    if (draft.calls < 15 * (options.maxTasksPerChild ?? 15)) random.weighted(motifs)(draft);
    if (i === turnAt) turn(draft);
  }
  // Last words end the life of a pool: most episodes have one at most, and late.
  if (random.chance(0.45)) {
    random.pick(LAST_WORDS)(draft);
    for (let i = random.between(0, 2); i > 0; i--) random.weighted(motifs)(draft);
  }
  const end = parentMayDie && episode % 12 === 6 ? random.pick<End>(['exit', 'killed']) : endFor(random);
  // A worker that runs its event loop leaves by itself when its parent is gone; one that spins does not.
  if ((end === 'exit' || end === 'killed') && random.chance(0.7)) draft.started(draft.submit({ task: 'spin' }));
  return { version: 1, seed: `${seed}/${episode}`, options, steps: draft.steps, end };
}

class Draft {
  readonly random: Random;
  readonly options: PlanOptions;
  readonly steps: Step[] = [];
  calls = 0;
  /** Calls that hold their worker until the gate opens, or for ever. */
  held = 0;
  stopped = false;

  constructor(random: Random, options: PlanOptions) {
    this.random = random;
    this.options = options;
  }

  add(...steps: readonly Step[]): void {
    this.steps.push(...steps);
  }

  /** Submits a call and gives its number. */
  submit(spec: TaskSpec, then?: readonly Deed[]): number {
    const call = this.calls++;
    this.add({ do: 'submit', call, spec, ...(then && { then }) });
    if (HOLDING.has(spec.task)) this.held++;
    return call;
  }

  anyCall(): number {
    return this.random.between(Math.max(0, this.calls - 6), Math.max(0, this.calls - 1));
  }

  open(): void {
    this.add({ do: 'open' });
    this.held = 0;
  }

  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): void {
    this.add({ do: 'signal', worker: this.random.between(0, 5), signal });
    this.stopped ||= signal === 'SIGSTOP';
  }

  turns(most = 6): void {
    this.add({ do: 'await', what: 'turns', turns: this.random.between(0, most) });
  }

  /** Waits until a call has begun, unless those that hold a worker may keep it from one. */
  started(call: number): void {
    const room = this.options.maxWorkers - (this.stopped ? 1 : 0);
    if (this.held <= room) this.add({ do: 'await', what: 'started', call });
    else this.turns();
  }

  /** Waits for a call, unless something that only a later step ends may be in its way. */
  settled(call: number): void {
    if (this.held === 0 && !this.stopped) this.add({ do: 'await', what: 'settled', call });
    else this.turns();
  }

  short(): TaskSpec {
    const { random } = this;
    return random.weighted<TaskSpec>([
      [6, { task: 'add', a: random.between(0, 99), b: random.between(0, 99) }],
      [2, { task: 'doze', ms: random.between(0, 4) }],
      [1, { task: 'fail' }],
      [1, { task: 'failLater' }],
    ]);
  }
}

const HOLDING: ReadonlySet<TaskName> = new Set(['hold', 'block', 'deaf', 'spin']);
const MEGABYTE = 1_048_576;

const PEACE: readonly Motif[] = [
  function aFew(draft) {
    for (let i = draft.random.between(1, 5); i > 0; i--) draft.submit(draft.short());
  },
  function oneAndWait(draft) {
    draft.settled(draft.submit(draft.short()));
  },
  function burst(draft) {
    // A process for every few calls costs a tenth of a second each.
    const most = Math.min(60, 4 * (draft.options.maxTasksPerChild ?? 15));
    for (let i = draft.random.between(4, most); i > 0; i--) draft.submit({ task: 'add', a: i, b: draft.calls });
  },
  function hold(draft) {
    const call = draft.submit({ task: draft.random.pick(['hold', 'hold', 'block']) });
    if (draft.random.chance(0.5)) draft.started(call);
    if (draft.random.chance(0.6)) draft.open();
  },
  function cancelRace(draft) {
    const first = draft.submit(draft.short());
    draft.submit(draft.short());
    draft.turns(40);
    for (let call = draft.calls - 1; call >= first; call--) draft.add({ do: 'cancel', call });
  },
  function cancelQueued(draft) {
    const first = draft.calls;
    for (let i = draft.random.between(3, 10); i > 0; i--) draft.submit(draft.short());
    if (draft.random.chance(0.5)) draft.turns(20);
    for (let i = draft.random.between(1, 3); i > 0; i--)
      draft.add({ do: 'cancel', call: draft.random.between(first, draft.calls - 1) });
  },
  function mapping(draft) {
    const { random } = draft;
    const first = draft.calls;
    const items = Array.from({ length: random.between(1, 12) }, () => draft.short());
    if (random.chance(0.3)) items[random.between(0, items.length - 1)] = { task: 'giveUncopyable' };
    if (random.chance(0.3)) items[random.between(0, items.length - 1)] = { task: 'unreachable' };
    draft.calls += items.length;
    draft.add({
      do: 'map',
      first,
      items,
      ...(random.chance(0.3) && { lazy: true as const }),
      ...(random.chance(0.6) && { chunksize: random.between(1, 5) }),
      ...(random.chance(0.3) && { buffersize: random.between(1, 6) }),
      ...(random.chance(0.15) && { timeout: random.between(0, 200) }),
      ...(random.chance(0.2) && { leave: random.between(0, 3) }),
    });
  },
  function inCallback(draft) {
    const { random } = draft;
    const call = draft.calls++;
    const inner = draft.calls++;
    const then: Deed[] = [{ do: 'submit', call: inner, spec: draft.short() }];
    if (random.chance(0.4)) then.push({ do: 'cancel', call: random.between(0, inner) });
    draft.add({ do: 'submit', call, spec: draft.short(), then });
    if (random.chance(0.5)) draft.settled(call);
  },
  function peek(draft) {
    draft.submit(draft.short());
    draft.add({ do: 'peek', call: draft.anyCall(), timeout: draft.random.between(0, 30) });
  },
];

const TROUBLE: readonly Motif[] = [
  function killRunning(draft) {
    draft.started(draft.submit({ task: draft.random.pick(['hold', 'block', 'spin']) }));
    draft.signal(draft.random.pick(['SIGKILL', 'SIGTERM']));
    draft.turns(30);
  },
  function deafToTerm(draft) {
    draft.started(draft.submit({ task: 'deaf' }));
    draft.signal('SIGTERM');
    if (draft.random.chance(0.6)) draft.add({ do: 'terminate' });
    else draft.open();
  },
  function killIdle(draft) {
    draft.settled(draft.submit(draft.short()));
    draft.signal(draft.random.pick(['SIGKILL', 'SIGTERM']));
    draft.turns(30);
  },
  function killBooting(draft) {
    draft.submit(draft.short());
    draft.turns(4);
    draft.signal('SIGKILL');
  },
  function killAnything(draft) {
    draft.submit(draft.short());
    draft.turns(100);
    draft.signal(draft.random.pick(['SIGKILL', 'SIGTERM']));
  },
  function stopAndContinue(draft) {
    const call = draft.submit({ task: 'hold' });
    if (draft.random.chance(0.7)) draft.started(call);
    draft.signal('SIGSTOP');
    draft.submit(draft.short());
    draft.open();
    draft.turns(60);
    if (draft.random.chance(0.4)) draft.signal('SIGKILL');
    if (draft.random.chance(0.6)) {
      draft.add({ do: 'continue' });
      draft.stopped = false;
    }
  },
  function bigToStopped(draft) {
    draft.settled(draft.submit(draft.short()));
    draft.signal('SIGSTOP');
    // More than a pipe holds, to a worker that reads nothing.
    draft.submit({ task: 'take', bytes: draft.random.between(1, 20) * MEGABYTE });
    draft.turns(20);
    if (draft.random.chance(0.5)) draft.signal('SIGKILL');
    if (draft.random.chance(0.5)) {
      draft.add({ do: 'continue' });
      draft.stopped = false;
    }
  },
  function exit(draft) {
    draft.submit({ task: draft.random.pick(['exit', 'exitAfter']), code: draft.random.pick([0, 0, 1, 3, 255]) });
    draft.submit(draft.short());
  },
  function abort(draft) {
    draft.submit({ task: 'abort' });
  },
  function exhaust(draft) {
    draft.submit({ task: 'exhaust' });
    draft.submit(draft.short());
  },
  function lateError(draft) {
    draft.submit({ task: draft.random.pick(['rejectAfter', 'throwAfter']) });
    draft.submit(draft.short());
  },
  function bigArgument(draft) {
    draft.submit({ task: 'take', bytes: draft.random.between(10 * MEGABYTE, 30 * MEGABYTE) });
    draft.submit(draft.short());
  },
  function bigResult(draft) {
    const call = draft.submit({ task: 'give', bytes: draft.random.between(10 * MEGABYTE, 30 * MEGABYTE) });
    if (draft.random.chance(0.4)) {
      // In the middle of the write, as likely as not.
      draft.started(call);
      draft.turns(3);
      draft.signal('SIGKILL');
    }
  },
  function uncopyable(draft) {
    draft.submit(draft.short());
    draft.submit({ task: draft.random.pick(['unreachable', 'giveUncopyable', 'throwUncopyable']) });
    draft.submit(draft.short());
  },
  function missing(draft) {
    draft.submit({ task: 'missing' });
    draft.submit(draft.short());
  },
  function closeStandardStreams(draft) {
    draft.submit({ task: 'closeDescriptor', fd: draft.random.between(0, 2) });
    draft.submit({ task: 'chatter', bytes: draft.random.pick([100, 300_000]) });
  },
  function closeOurs(draft) {
    draft.submit({ task: 'closeDescriptor', fd: draft.random.pick([3, 4]) });
    draft.submit(draft.short());
  },
  function writeGarbage(draft) {
    const bytes = Array.from({ length: draft.random.between(1, 40) }, () => draft.random.between(0, 255));
    draft.submit({ task: 'garbage', hex: Buffer.from(bytes).toString('hex') });
    draft.submit(draft.short());
  },
  function cutFrame(draft) {
    // Magic, a head of 64 bytes, a body of 64 bytes; or a part of that, and nothing more.
    const header = '545546504000000040000000';
    draft.submit({ task: 'halfFrame', hex: header.slice(0, 2 * draft.random.between(1, 12)) });
  },
  function grandchild(draft) {
    const call = draft.submit({ task: 'leaveGrandchild', then: draft.random.pick(['return', 'exit']) });
    if (draft.random.chance(0.6)) draft.settled(call);
    draft.submit(draft.short());
  },
  function chatter(draft) {
    draft.submit({ task: 'chatter', bytes: 1_000_000 });
  },
  function settleOutside(draft) {
    const call = draft.submit(draft.random.chance(0.5) ? draft.short() : { task: 'hold' });
    if (draft.random.chance(0.5)) draft.started(call);
    else draft.turns(30);
    draft.add({ do: 'settle', call: draft.random.chance(0.6) ? call : draft.anyCall() });
    if (draft.random.chance(0.5)) draft.open();
  },
  function throwInCallback(draft) {
    draft.submit(draft.short(), [{ do: 'throw' }]);
  },
];

/** What ends a pool before the end of the plan. */
const LAST_WORDS: readonly Motif[] = [
  function shutdown(draft) {
    const { random } = draft;
    for (let i = random.between(1, 3); i > 0; i--) {
      draft.add({ do: 'shutdown', wait: random.chance(0.5), cancelFutures: random.chance(0.4) });
      if (random.chance(0.5)) draft.submit(draft.short());
      draft.turns();
    }
  },
  function force(draft) {
    const { random } = draft;
    if (random.chance(0.5)) draft.started(draft.submit({ task: random.pick(['hold', 'block', 'deaf', 'spin']) }));
    draft.add({ do: random.pick(['terminate', 'kill']) });
    if (random.chance(0.4)) draft.add({ do: random.pick(['terminate', 'kill']) });
    draft.submit(draft.short());
  },
  function killWhileBooting(draft) {
    for (let i = draft.random.between(1, 4); i > 0; i--) draft.submit(draft.short());
    draft.turns(3);
    draft.add({ do: draft.random.pick(['terminate', 'kill']) });
  },
  function lateResult(draft) {
    const call = draft.submit({ task: 'block' });
    draft.started(call);
    draft.open();
    draft.turns(20);
    draft.add({ do: draft.random.pick(['terminate', 'kill']) });
  },
  function inCallback(draft) {
    const { random } = draft;
    const then: readonly Deed[] = random.pick<readonly Deed[]>([
      [{ do: 'shutdown', wait: true, cancelFutures: random.chance(0.5) }],
      [{ do: 'terminate' }],
      [{ do: 'kill' }],
    ]);
    const call = draft.submit(draft.short(), then);
    for (let i = random.between(0, 4); i > 0; i--) draft.submit(draft.short());
    draft.settled(call);
  },
  function drop(draft) {
    draft.add({ do: 'drop' });
  },
];

/** Options that break every pool: each has its turn, and is not drawn. */
const RARE: readonly Partial<PlanOptions>[] = [
  { noExecutable: true },
  { initializer: 'initializeBadly' },
  { initializer: 'initializeAndExit' },
  { initializer: 'initializeForEver', bootTimeout: 300 },
  // Shorter than any boot.
  { bootTimeout: 1 },
];

function optionsFor(random: Random, episode: number): PlanOptions {
  const rare = episode % 8 === 3 ? RARE[Math.floor(episode / 8) % RARE.length] : undefined;
  return {
    maxWorkers: random.between(1, 3),
    prefetchHorizon: random.pick([0, 1, 1, 1, 5, 1000]),
    killGrace: random.pick([5, 50, 500]),
    ...(random.chance(0.35) && { maxTasksPerChild: random.between(1, 4) }),
    ...(random.chance(0.2) && { initializer: random.pick(['initialize', 'initializeLate'] as const) }),
    output: random.chance(0.3) ? 'pipe' : 'ignore',
    charts: random.chance(0.15) ? 'xstate' : 'tables',
    ...(random.chance(0.35) && {
      jitter: Array.from({ length: 7 }, () => (random.chance(0.5) ? 0 : random.between(1, 40))),
    }),
    ...rare,
  };
}

function endFor(random: Random): End {
  return random.weighted<End>([
    [60, 'drain'],
    [14, 'terminate'],
    [12, 'kill'],
    [8, 'drop'],
  ]);
}
