import { describe, expect, it } from 'vitest';
import { processAlive, until } from '../helpers/gate.ts';
import { fixture } from '../helpers/pool.ts';
import { programPath, type RunningProgram, runProgram, startNode } from './programs.ts';
import { makeStage, type Stage, untilDead } from './support.ts';

/** A program with workers in that state, and their pids. */
async function startParent(
  stage: Stage,
  state: string,
  end = 'wait',
): Promise<{ program: RunningProgram; pids: number[] }> {
  const program = startNode([programPath('crash-program-parent.js')], { args: [stage.path, state, end] });
  return { program, pids: (await program.firstLine) as number[] };
}

const states = ['idle', 'async-busy', 'loop-busy', 'initializing'];

describe('(k) the parent goes away', () => {
  it.each(states)('(k) the parent is SIGKILLed with %s workers: none of them survives', async (state) => {
    const { program, pids } = await startParent(makeStage(), state);
    expect(pids.filter(processAlive)).toEqual(pids);
    program.process.kill('SIGKILL');
    await untilDead(pids);
    expect(await program.ended).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: false });
  });

  it('(k) where there is no setpriv, a shell ends what was guarded, and spares what was reaped before', async () => {
    const program = startNode([programPath('crash-program-guard.js')]);
    const [guarded, released] = (await program.firstLine) as [number, number];
    try {
      program.process.kill('SIGKILL');
      await untilDead([guarded]);
      expect(processAlive(released), 'the process that was taken back').toBe(true);
    } finally {
      process.kill(released, 'SIGKILL');
      await untilDead([released]);
      await program.ended;
    }
  });

  it.each(['idle', 'loop-busy'])(
    '(k) the parent calls process.exit(3) with %s workers: none of them survives',
    async (state) => {
      const { program, pids } = await startParent(makeStage(), state, 'exit');
      expect(await program.ended).toMatchObject({ code: 3, signal: null, stderr: '', timedOut: false });
      await untilDead(pids);
    },
  );

  it.each(states)(
    '(k) the parent dies of an error of its own with %s workers: none of them survives',
    async (state) => {
      const { program, pids } = await startParent(makeStage(), state, 'throw');
      const ended = await program.ended;
      expect(ended).toMatchObject({ code: 1, signal: null, timedOut: false });
      expect(ended.stderr).toContain('the parent failed');
      await untilDead(pids);
    },
  );

  it('(k) the parent is SIGTERMed with loop-busy workers: none of them survives', async () => {
    const { program, pids } = await startParent(makeStage(), 'loop-busy');
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ signal: 'SIGTERM', timedOut: false });
    await untilDead(pids);
  });

  it('(k) Ctrl-C at the terminal reaches the parent alone, which decides what becomes of its workers', async () => {
    const stage = makeStage();
    const program = startNode([programPath('crash-program-ctrl-c.js')], { args: [stage.path], ownGroup: true });
    const [pid] = (await program.firstLine) as [number];
    process.kill(-program.process.pid!, 'SIGINT'); // what a terminal sends: to the whole foreground group
    await until(() => stage.has('interrupted'), 'the program to see SIGINT');
    expect(processAlive(pid)).toBe(true);
    stage.open();
    const ended = await program.ended;
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '', timedOut: false });
    expect(ended.lines[1]).toEqual({ result: pid, state: 'running' });
  });
});

describe('(z) a program that never closes its pool', () => {
  it.each([
    ['unused', [{ spawned: 0 }]],
    ['idle', [{ result: 42 }]],
    ['only-a-callback', [{ result: 42 }]],
    ['shutdown-not-awaited', [{ result: 42 }]],
    ['await-shutdown', [{ state: 'joined' }]],
    ['map-left-early', [{ result: 2 }]],
    ['failed-and-nobody-looks', [{ state: 'running' }]],
    ['submit-at-exit', [{ name: 'ExecutorShutdownError' }]],
  ])('(z) %s: it ends by itself with code 0 and leaves no process', async (how, lines) => {
    const ended = await runProgram('crash-program-no-close.js', { args: [how] });
    // `close` of the pipes that the workers inherited shows that they are gone too
    expect(ended).toEqual({ code: 0, signal: null, stderr: '', timedOut: false, lines });
  });
});

const source = (body: string) => `
  const { ProcessPoolExecutor, tasksFrom } = await import('procfutures');
  const { double } = tasksFrom(${JSON.stringify(fixture('crash-tasks.js').href)});
  const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
  ${body}`;
const report = `
  const values = await Promise.all([1, 2, 3].map((n) => pool.submit(double, n)));
  await pool.shutdown();
  console.log(JSON.stringify({ values, spawned: pool.stats().spawned <= 2 }));`;
const module = source(report);
const script = `(async () => {${module}})()`;
const right = [{ values: [2, 4, 6], spawned: true }];

describe('(+) how the parent was started', () => {
  it.each([
    ['-e', ['-e', script]],
    ['--eval=', [`--eval=${script}`]],
    ['--input-type=module -e', ['--input-type=module', '-e', module]],
    ['--input-type=module --eval', ['--input-type', 'module', '--eval', module]],
    ['-p', ['-p', `${script}, 0`]],
    ['-pe', ['-pe', `${script}, 0`]],
  ])('(+) with %s: its workers do not run its script again', async (_, argv) => {
    const ended = await startNode(argv).ended;
    expect(ended).toMatchObject({ code: 0, stderr: '', timedOut: false });
    expect(ended.lines.filter((line) => line !== 0)).toEqual(right);
  });

  it.each([
    ['-', ['--input-type=module', '-']],
    ['no file at all', ['--input-type=module']],
  ])('(+) with its script on standard input (%s): its workers do not read it again', async (_, argv) => {
    const ended = await startNode(argv, { input: module }).ended;
    expect(ended).toMatchObject({ code: 0, stderr: '', timedOut: false, lines: right });
  });

  it.each([
    ['--inspect=127.0.0.1:0', ['--inspect=127.0.0.1:0'], ''],
    ['--inspect-port=0 --inspect', ['--inspect-port=0', '--inspect'], ''],
    ['NODE_OPTIONS=--inspect=127.0.0.1:0', [], '--inspect=127.0.0.1:0'],
    ['NODE_OPTIONS with more in it', [], '--no-warnings --inspect=127.0.0.1:0 --title=parent'],
  ])('(+) with %s: only the parent listens for a debugger', async (_, execArgv, nodeOptions) => {
    const env = { ...process.env, NODE_OPTIONS: nodeOptions };
    const ended = await startNode(['--input-type=module', '-e', module], { execArgv, env }).ended;
    expect(ended).toMatchObject({ code: 0, timedOut: false, lines: right });
    expect(ended.stderr.match(/Debugger listening/g), 'one debugger, the one of the parent').toHaveLength(1);
    expect(ended.stderr).not.toMatch(/address already in use|Starting inspector/);
  });

  it.each([
    ['finish', [{ result: 42, state: 'joined' }]],
    ['abandon', [{ result: 42, state: 'running' }]],
    ['terminate-idle', [{ alive: true }, { alive: false }]],
    ['terminate-loop', [{ alive: true }, { alive: false }]],
    ['exit-loop', [{ alive: true }, { alive: false }]],
  ])('(+) from a worker thread (%s): right results, and no process outlives the thread', async (how, lines) => {
    const stage = makeStage();
    const ended = await runProgram('crash-program-thread.js', { args: [stage.path, how] });
    expect(ended).toEqual({ code: 0, signal: null, stderr: '', timedOut: false, lines });
  });
});
