/**
 * Processes as /proc shows them.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of a process. */
interface Stat {
  readonly name: string;
  readonly state: string;
  readonly parent: number;
}

/** `undefined` for one that is not there. */
export function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const end = text.lastIndexOf(')');
  const [state = '', parent = ''] = text.slice(end + 2).split(' ');
  return { name: text.slice(text.indexOf('(') + 1, end), state, parent: Number(parent) };
}

/** The live children of this process, the oldest pid first; a zombie is none. */
export function liveChildren(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false;
      const stat = statOf(pid);
      return stat !== undefined && stat.parent === process.pid && stat.state !== 'Z';
    })
    .sort((a, b) => a - b);
}

/** Sends a signal to a child of ours and to nobody else. @returns whether there was one */
export function signalChild(pid: number, signal: NodeJS.Signals): boolean {
  // A child that nobody reaped keeps its pid, and nobody can reap it before the event loop turns.
  return statOf(pid)?.parent === process.pid && send(pid, signal);
}

/** Sends a signal, if the process is there. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Live processes whose environment has this entry, as `NAME=value`; zombies have no environment any more. */
export function processesMarked(entry: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false;
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry);
      } catch {
        return false;
      }
    });
}

/** Resolves once `fact` holds. @returns whether it did within so many milliseconds */
export async function within(ms: number, fact: () => boolean): Promise<boolean> {
  const end = performance.now() + ms;
  while (!fact()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return true;
}

/** What the tasks of an episode have left on purpose, and what still lives of it. */
export function leftOnPurpose(dir: string): number[] {
  return processesMarked(`PROCFUTURES_CHAOS_LEFT=${dir}`);
}
