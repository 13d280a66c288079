import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fixture } from '../helpers/pool.ts';

/** Programs that a test runs find the built package by its name from here. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
export const programPath = (name: string): string => fileURLToPath(fixture(name));

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** Flags of the node that runs the program. */
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What the program reads from its standard input. */
  readonly input?: string;
  /** Milliseconds after which the program counts as hanging, and is killed. */
  readonly deadline?: number;
  /** In a process group of its own, as a shell starts its foreground job. */
  readonly ownGroup?: boolean;
  /** A shell prelude, e.g. `ulimit -n 64`. */
  readonly prelude?: string;
}

export interface EndedProgram {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it printed, one JSON value a line. */
  readonly lines: readonly unknown[];
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  /** The first line that it prints; rejects when it ends without one. */
  readonly firstLine: Promise<unknown>;
  readonly ended: Promise<EndedProgram>;
}

/** Starts node with these arguments in the package's folder, so that `procfutures` resolves. */
export function startNode(argv: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const command = [process.execPath, ...(options.execArgv ?? []), ...argv, ...(options.args ?? [])];
  const spawnOptions = {
    cwd: packageRoot,
    env: options.env ?? { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  } satisfies SpawnOptions;
  const child =
    options.prelude === undefined
      ? spawn(command[0]!, command.slice(1), spawnOptions)
      : spawn('/bin/sh', ['-c', `${options.prelude}; exec "$0" "$@"`, ...command], spawnOptions);
  let stdout = '';
  let stderr = '';
  let timedOut = false;
  child.stdin.end(options.input ?? '');
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
    // an orphan that inherited the pipes would hold them open: the run must end all the same, and tell
    child.stdout.destroy();
    child.stderr.destroy();
  }, options.deadline ?? 30_000);
  const firstLine = new Promise<unknown>((resolve, reject) => {
    child.stdout.on('data', (text: string) => {
      stdout += text;
      const end = stdout.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(stdout.slice(0, end)));
    });
    child.on('close', () => reject(new Error(`The program ended before it printed a line. Its stderr: ${stderr}`)));
  });
  firstLine.catch(() => {}); // not everyone waits for it; whoever does still gets the reason
  const ended = new Promise<EndedProgram>((resolve, reject) => {
    child.on('error', reject);
    // `close` and not `exit`: everything it wrote has been read, and whoever shares its pipes has gone as well
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = stdout.split('\n').filter((line) => line !== '');
      resolve({ code, signal, stderr, timedOut, lines: lines.map((line) => JSON.parse(line)) });
    });
  });
  return { process: child, firstLine, ended };
}

/** Runs a fixture as a program of its own until it ends. */
export const runProgram = (name: string, options?: ProgramOptions): Promise<EndedProgram> =>
  startNode([programPath(name)], options).ended;
