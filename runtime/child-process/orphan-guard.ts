/**
 * No orphans: workers die with this process, even when it is SIGKILLed while they loop for ever.
 *
 * A worker that runs its event loop leaves at the end of its channel; one in an endless loop cannot. Linux: `setpriv
 * --pdeathsig KILL` in front of it (util-linux 2.33; 3 ms a spawn, same pid; prctl(2), PR_SET_PDEATHSIG). Elsewhere on
 * POSIX: one `sh` for the pool, which reads pids from a pipe and kills what is left at its end. Windows has neither, so
 * there the end of the channel is all.
 */
import type { ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { executableOf, isExecutable, spawn, type WorkerCommand } from './command.ts';

let setpriv: string | null | undefined;

/** The path of a `setpriv` that knows `--pdeathsig`, looked for once; busybox has one that does not. */
function findSetpriv(): string | null {
  if (setpriv === undefined) {
    const found = process.platform === 'linux' ? ['/usr/bin/setpriv', '/bin/setpriv'].find(isExecutable) : undefined;
    setpriv = found && basename(realpathSync(found)) === 'setpriv' ? found : null;
  }
  return setpriv;
}

/** Program and arguments, with the guard in front where there is one. */
export function guardedCommand(command: WorkerCommand): { file: string; args: readonly string[]; isGuarded: boolean } {
  const guard = findSetpriv();
  // setpriv turns a missing executable into exit code 127: without one, let spawn fail by itself.
  const executable = guard === null ? undefined : executableOf(command);
  if (guard === null || executable === undefined)
    return { file: command.execPath, args: command.args, isGuarded: guard !== null };
  return { file: guard, args: ['--pdeathsig', 'KILL', executable, ...command.args], isGuarded: true };
}

/** Reads `+ pid` and `- pid`; at the end of its input, kills what was added and not taken away. */
const SCRIPT = [
  "pids=' '",
  'while read -r op pid; do',
  '  case $op in',
  '    +) pids="$pids$pid " ;;',
  `    -) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;;`,
  '  esac',
  'done',
  'for pid in $pids; do kill -9 "$pid" 2>/dev/null; done',
].join('\n');

/** The shell that outlives this process by an instant. */
export class ShellGuard {
  #shell: ChildProcess | undefined;

  /** Kill this process when the parent is gone. */
  add(pid: number): void {
    if (!this.#shell) {
      this.#shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
      // Without a shell there is no guard; the end of the channel still ends workers that run their event loop.
      this.#shell.on('error', () => {});
      this.#shell.stdin?.on('error', () => {});
      this.#shell.unref();
      (this.#shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    }
    this.#shell.stdin?.write(`+ ${pid}\n`);
  }

  /** It was reaped: its pid may belong to somebody else from now on. */
  remove(pid: number): void {
    this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  /** Nobody is left to guard. */
  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }
}
