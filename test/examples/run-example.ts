/** Runs a built example as its user does: a Node of its own, output read as it comes, signals sent at what it says. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Far longer than any of these takes; a run that gets there hangs. */
const DEADLINE = 25_000;

export interface ExampleEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningExample {
  readonly pid: number;
  /** Resolves once the text has appeared on stderr; throws if the example ends without it. */
  says(text: string): Promise<void>;
  /** Its child processes at this moment. */
  children(): number[];
  readonly end: Promise<ExampleEnd>;
}

/** Starts `dist/examples/<name>.js`. */
export function startExample(name: string, args: readonly string[] = []): RunningExample {
  const script = fileURLToPath(new URL(`../../dist/examples/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`could not start ${process.execPath}`);
  let stdout = '';
  let stderr = '';
  let ended = false;
  let heard = () => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE);
  const end = new Promise<ExampleEnd>((resolve, reject) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      ended = true;
      heard();
      if (signal === 'SIGKILL') reject(new Error(`${name} did not end:\n${stdout}\n${stderr}`));
      else resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    pid,
    end,
    children: () => childrenOf(pid),
    async says(text) {
      while (!stderr.includes(text)) {
        if (ended) throw new Error(`${name} ended without saying '${text}':\n${stdout}\n${stderr}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
  };
}

/** Runs `dist/examples/<name>.js` to its end. */
export function runExample(name: string, args: readonly string[] = []): Promise<ExampleEnd> {
  return startExample(name, args).end;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; state and parent follow the last one.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended between the listing and the look.
    return undefined;
  }
}
