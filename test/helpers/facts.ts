/**
 * What this process holds at a moment: child processes, descriptors, timers and other resources, listeners; and which of
 * those are there now and were not before. Pure reading, so the leak check (`leaks.ts`) can itself be tested.
 *
 * Linux tells it all in /proc. Where there is no /proc, processes and descriptors are not seen; the rest is.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';

/** One thing that outlived its test. */
export interface Leak {
  readonly kind: 'process' | 'descriptor' | 'timer' | 'resource' | 'listener';
  /** Which one, in words that let a reader find it. */
  readonly what: string;
  /** Its process, for a process: so that the check can end it after reporting it. */
  readonly pid?: number;
}

/** The state of the world that `findLeaks` compares with. */
export interface Facts {
  readonly processes: ReadonlyMap<number, string>;
  readonly descriptors: ReadonlyMap<string, string>;
  readonly timers: ReadonlySet<object>;
  readonly resources: ReadonlyMap<string, number>;
  readonly listeners: ReadonlyMap<string, number>;
}

/** What to do about each kind: the last sentence of a report. */
const ADVICE: Record<Leak['kind'], string> = {
  process: 'Await pool.shutdown() (or killWorkers()), and await the exit of every child that the test itself starts.',
  descriptor: 'Close it: a pool closes its pipes when it has joined, a test closes its own files and sockets.',
  timer: 'Clear it where the thing that it bounds ends.',
  resource: 'Close it or await its end; only what keeps the event loop alive is listed here.',
  listener: 'Remove it with off(), or once the test ends: listeners on shared objects add up.',
};

const MARK = 'PROCFUTURES_TEST_MARK';

/**
 * Lets `readFacts` recognise descendants that are no children of ours any more: whatever is started from now on
 * inherits a variable with our pid, also the grandchild whose parent was killed. (Not one that gets an environment of
 * its own; as a direct child that one is still seen.)
 */
export function markDescendants(): void {
  process.env[MARK] = String(process.pid);
}

/** The state of the world, now. */
export function readFacts(): Facts {
  return {
    processes: processes(),
    descriptors: descriptors(),
    timers: new Set(liveTimers()),
    resources: counts(process.getActiveResourcesInfo()),
    listeners: listeners(),
  };
}

/** What is there now (or in `after`) and was not in `before`. */
export function findLeaks(before: Facts, after: Facts = readFacts()): Leak[] {
  const leaks: Leak[] = [];
  for (const [pid, what] of after.processes) {
    if (!before.processes.has(pid)) leaks.push({ kind: 'process', what, pid });
  }

  // By class and not one by one: a descriptor may be closed and another of its kind opened by the runner meanwhile.
  const classesBefore = counts([...before.descriptors.values()].map(descriptorClass));
  for (const [name, count] of counts([...after.descriptors.values()].map(descriptorClass))) {
    const more = count - (classesBefore.get(name) ?? 0);
    if (more <= 0) continue;
    const fresh = [...after.descriptors].filter(
      ([fd, target]) => descriptorClass(target) === name && before.descriptors.get(fd) !== target,
    );
    leaks.push({
      kind: 'descriptor',
      what: `${more} × ${name}: ${fresh.map(([fd, to]) => `${fd} -> ${to}`).join(', ')}`,
    });
  }

  const freshTimers = [...after.timers].filter((timer) => !before.timers.has(timer));
  for (const timer of freshTimers) leaks.push({ kind: 'timer', what: describeTimer(timer) });
  for (const [name, count] of after.resources) {
    const more = count - (before.resources.get(name) ?? 0);
    // A timer that was told with its origin needs no second line.
    if (more > 0 && !(name === 'Timeout' && freshTimers.length > 0)) {
      leaks.push({ kind: 'resource', what: `${more} × ${name}` });
    }
  }
  for (const [name, count] of after.listeners) {
    const more = count - (before.listeners.get(name) ?? 0);
    if (more > 0) leaks.push({ kind: 'listener', what: `${more} × ${name}` });
  }
  return leaks;
}

/** The report that a failing test shows. */
export function describeLeaks(leaks: readonly Leak[], deadline: number): string {
  const kinds = [...new Set(leaks.map((leak) => leak.kind))];
  return [
    `the test left something behind, still there after ${deadline} ms:`,
    ...leaks.map((leak) => `  ${leak.kind}: ${leak.what}`),
    ...kinds.map((kind) => ADVICE[kind]),
  ].join('\n');
}

function processes(): Map<number, string> {
  const found = new Map<number, string>();
  const ownStart = Number(statFields(read('/proc/self/stat'))[START]);
  for (const name of list('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const stat = read(`/proc/${pid}/stat`);
    const fields = statFields(stat);
    // Older than we are: no descendant. Most processes end here, and their environment need not be read.
    if (!(Number(fields[START]) >= ownStart)) continue;
    const [state, parent] = fields;
    const isChild = Number(parent) === process.pid;
    const isMarked = read(`/proc/${pid}/environ`).split('\0').includes(`${MARK}=${process.pid}`);
    if (!isChild && !isMarked) continue;
    const command = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
    const name_ = command || stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const kind = state === 'Z' ? 'zombie' : isChild ? `child, state ${state}` : `descendant of parent ${parent}`;
    found.set(pid, `${pid} (${kind}): ${name_}`);
  }
  return found;
}

/** The time at which a process began, among the fields of its stat as `statFields` numbers them. */
const START = 19;

/** The command's name stands in parentheses and may hold anything, so fields are counted from its end: state, parent, … */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function descriptors(): Map<string, string> {
  const found = new Map<string, string>();
  for (const fd of list('/proc/self/fd')) {
    try {
      found.set(fd, readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      // The descriptor that listed the directory: gone by now.
    }
  }
  return found;
}

/** `pipe:[4711]` and `pipe:[4712]` are of one class; files are told apart by their path. */
function descriptorClass(target: string): string {
  return target.replace(/^(pipe|socket):\[\d+\]$/, '$1');
}

function listeners(): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, emitter] of [
    ['process', process],
    ['process.stdout', process.stdout],
    ['process.stderr', process.stderr],
  ] as const) {
    for (const event of emitter.eventNames()) {
      found.set(`${name} '${String(event)}'`, (emitter as NodeJS.EventEmitter).listenerCount(event));
    }
  }
  return found;
}

/** Where each timer was set; on the timer itself, so that nothing here keeps it alive. */
const ORIGIN = Symbol('origin');
const ORIGINS_KEPT = 100;
const watched = new Set<WeakRef<object>>();
let watching = false;

/**
 * Records every timer set from now on, also unref'd ones, which `getActiveResourcesInfo` does not count. Timers of the
 * runner are not seen: it took its functions earlier.
 */
export function watchTimers(): void {
  if (watching) return;
  watching = true;
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = timers[name] as (...args: unknown[]) => object;
    const recording = (...args: unknown[]) => {
      const timer = original(...args);
      watched.add(new WeakRef(timer));
      // The text and not the error, which would keep the receivers of its frames alive; and only the first ones, since
      // a test may set a hundred thousand.
      const origin = watched.size <= ORIGINS_KEPT ? new Error().stack?.split('\n').slice(2, 6).join('\n') : undefined;
      Object.defineProperty(timer, ORIGIN, { value: `${name} of ${String(args[1] ?? 1)} ms\n${origin ?? ''}` });
      return timer;
    };
    Object.defineProperties(recording, Object.getOwnPropertyDescriptors(original));
    Object.assign(timers, { [name]: recording });
    Object.assign(globalThis, { [name]: recording });
  }
  syncBuiltinESMExports();
}

function liveTimers(): object[] {
  const live: object[] = [];
  for (const reference of watched) {
    const timer = reference.deref();
    // `_destroyed` is how Node itself marks a timer that fired or was cleared.
    if (timer === undefined || (timer as { _destroyed?: boolean })._destroyed === true) watched.delete(reference);
    else live.push(timer);
  }
  return live;
}

function describeTimer(timer: object): string {
  return (timer as { [ORIGIN]?: string })[ORIGIN]?.trimEnd() ?? 'of unknown origin';
}

function counts(names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The text of a file of /proc, '' once its process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
