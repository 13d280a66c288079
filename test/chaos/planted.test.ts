/**
 * Each check of the chaos runner, shown to fail on a fault that is planted for it; and none of them failing without.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallRecord } from 'procfutures/properties';
import { describe, expect, it } from 'vitest';
import { scratch, until } from '../helpers/gate.ts';
import { expectWarning } from '../helpers/leaks.ts';
import { type CallView, judgeCalls } from './checks.ts';
import { makePlan } from './generate.ts';
import { judgeRemains } from './lanes.ts';
import type { Plan, Step } from './plan.ts';
import { add, failedChecks, planOf, run, tamperedHost } from './support.ts';
import { judgeTrace, type TraceLine } from './trace.ts';

const twoCalls = planOf([add(0), add(1), { do: 'cancel', call: 1 }, { do: 'await', what: 'settled', call: 0 }]);

describe('without a fault', () => {
  it('a plan of two calls passes every check', async () => {
    const report = await run(twoCalls);
    expect(report.problems).toEqual([]);
    expect(report.judged).toMatchObject({ settled: 2, values: 2, histories: 2, joined: 2, leaks: 1, parent: 1 });
    expect(report.judged.trace).toBeGreaterThan(8);
    expect(report.judged.stats).toBeGreaterThan(4);
    expect(report.witnesses).toEqual(expect.arrayContaining(['cancel() was true', 'executor joined.clean']));
  });

  it('a pool whose pipes a grandchild holds passes, and the grandchild is ended', async () => {
    const spec = { task: 'leaveGrandchild', then: 'exit' } as const;
    const report = await run(planOf([{ do: 'submit', call: 0, spec }]));
    expect(report.problems).toEqual([]);
    expect(report.witnesses).toEqual(expect.arrayContaining(['leaveGrandchild ended: lost', 'executor joined.broken']));
  });

  it.each(Array.from({ length: 10 }, (_, episode) => episode))(
    'episode %i of the smoke run passes',
    async (episode) => {
      const plan = withoutThrows(makePlan('smoke', episode, { parentMayDie: false }));
      expect((await run(plan)).problems).toEqual([]);
    },
  );

  it('a done callback that throws disturbs nothing', async () => {
    expectWarning(/done callback/);
    const report = await run(
      planOf([{ do: 'submit', call: 0, spec: { task: 'add', a: 1, b: 1 }, then: [{ do: 'throw' }] }, add(1)]),
    );
    expect(report.problems).toEqual([]);
    expect(report.witnesses).toContain('a callback threw');
  });
});

describe('a planted fault', () => {
  it('an event that is lost is seen as an executor that does not join', async () => {
    let giveBack = (): void => {};
    const host = await tamperedHost((event, emit) => {
      if (event.type !== 'outcomeReceived') return emit(event);
      giveBack = () => emit(event);
    });
    const report = await run(planOf([add(0)]), { host, undo: () => giveBack() });
    expect(failedChecks(report)).toContain('joined');
    expect(report.problems[0]?.text).toMatch(/shuttingDown\.draining.*no news of it for 1500 ms/);
  });

  it('a result that was changed on its way is seen as a wrong value', async () => {
    const host = await tamperedHost((event, emit) =>
      emit(event.type === 'outcomeReceived' ? { ...event, outcome: { kind: 'result', value: 'wrong' } } : event),
    );
    const report = await run(planOf([add(0)]), { host });
    expect(failedChecks(report)).toEqual(['values']);
    expect(report.problems[0]?.text).toContain('"wrong"');
  });

  it('a call that is run twice is seen in its history', async () => {
    const host = await tamperedHost(
      (event, emit) => emit(event),
      (real) => ({
        spawn: (worker) => real.spawn(worker),
        send: (worker, call) => {
          real.send(worker, call);
          real.send(worker, call);
        },
        end: (worker, how) => real.end(worker, how),
        timer: (worker, ms) => real.timer(worker, ms),
        release: (worker) => real.release(worker),
        hold: (on) => real.hold(on),
      }),
    );
    const report = await run(planOf([add(0), add(1), { do: 'await', what: 'settled', call: 1 }]), { host });
    expect(failedChecks(report)).toContain('histories');
    expect(report.problems.map(({ text }) => text).join('\n')).toMatch(/no order of its operations explains 'start/);
  });

  it('a process that is left behind is seen, and ended', async () => {
    const left: ChildProcess[] = [];
    const host = await tamperedHost((event, emit) => {
      if (event.type === 'ready') left.push(spawn('sleep', ['60'], { stdio: 'ignore', detached: true }));
      emit(event);
    });
    const report = await run(planOf([add(0)]), { host });
    expect(failedChecks(report)).toEqual(['leaks']);
    expect(report.problems[0]?.text).toContain('sleep 60');
    expect(report.orphans).toBeGreaterThan(0);
    await until(() => left.every(({ signalCode }) => signalCode === 'SIGKILL'), 'the end of what was left behind');
  });

  it('a timer and a descriptor that are left behind are seen', async () => {
    let timer: NodeJS.Timeout | undefined;
    let fd = -1;
    const report = await run(planOf([add(0)]), {
      atEnd: () => {
        timer = setTimeout(() => {}, 60_000);
        fd = openSync('/dev/zero', 'r');
      },
      undo: () => {
        clearTimeout(timer);
        if (fd >= 0) closeSync(fd);
        fd = -1;
      },
    });
    expect(failedChecks(report)).toEqual(['leaks']);
    expect(report.problems.map(({ text }) => text.split(':')[0])).toEqual(['descriptor', 'timer']);
  });

  it('a start mark of a call that was cancelled is seen, and so is a worker that the trace does not know', async () => {
    const report = await run(twoCalls, { atEnd: (history) => history.append({ at: 'start', call: 1, pid: 1 }) });
    expect(failedChecks(report).sort()).toEqual(['histories', 'leaks']);
    const texts = report.problems.map(({ text }) => text).join('\n');
    expect(texts).toContain("call 1: no order of its operations explains 'start (pid 1)'");
    expect(texts).toContain('process 1 ran a call; the trace knows no such worker');
    expect(texts).toContain("process 1 wrote 'start' of a call when the pool had joined");
  });

  it('numbers that are not those of the trace are seen', async () => {
    const report = await run(planOf([add(0)]), {
      stats: (stats) => ({ ...stats, workers: { ...stats.workers, idle: stats.workers.idle + 2 } }),
    });
    expect(failedChecks(report)).toEqual(['stats']);
    const texts = report.problems.map(({ text }) => text).join('\n');
    expect(texts).toContain('more workers than maxWorkers 1');
    expect(texts).toContain('something is left');
    expect(texts).toContain('the trace says');
  });

  it('a step that is recorded wrongly is seen', async () => {
    const trace = (line: string) => [line.replace('"succeeded":1', '"succeeded":2')];
    expect(failedChecks(await run(planOf([add(0)]), { trace }))).toContain('trace');
  });

  it('a process warning is seen', async () => {
    expectWarning(/planted/);
    const report = await run(planOf([add(0)]), {
      trace: (line) => {
        if (line.includes('"type":"ready"')) process.emitWarning('planted');
        return [line];
      },
    });
    expect(failedChecks(report)).toEqual(['parent']);
  });

  it('a future that is told twice, never, or shares its error is seen', () => {
    const done = { state: 'FINISHED', done: () => true };
    const view = (more: object): CallView =>
      ({
        site: { dir: '', call: 0 },
        future: done,
        callbacks: [1, 1],
        promises: 1,
        value: undefined,
        ...more,
      }) as CallView;
    const judged = (view: CallView) => {
      const history: CallRecord[] = [];
      const traced = judgeTrace([], 'anywhere');
      return judgeCalls(planOf([]), new Map([[0, view]]), history, traced).problems.map(({ check }) => check);
    };
    expect(judged(view({}))).toEqual([]);
    expect(judged(view({ callbacks: [2, 1] }))).toEqual(['settled']);
    expect(judged(view({ callbacks: [1, 0] }))).toEqual(['settled']);
    expect(judged(view({ promises: 0 }))).toEqual(['settled']);
    expect(judged(view({ future: { state: 'RUNNING', done: () => false } }))).toEqual(['settled']);
  });
});

describe('a trace', () => {
  it('is in order, or says where it is not', async () => {
    const lines = await traceOfOneCall();
    const mismatches = (tampered: readonly string[]) => judgeTrace(tampered, 'joined').mismatches.join('\n');
    const at = (text: string) => lines.findIndex((line) => line.includes(text));
    const changed = (place: number, change: (line: TraceLine) => object) =>
      lines.with(place, JSON.stringify(change(JSON.parse(lines[place] as string) as TraceLine)));
    const ready = at('"event":{"type":"ready"');

    expect(mismatches(lines)).toBe('');
    expect(judgeTrace(lines, 'joined').events).toBe(lines.length - 1);
    expect(mismatches(lines.toSpliced(ready, 1))).toContain('cannot be read');
    expect(mismatches(changed(ready, (line) => ({ ...line, effects: line.effects.slice(1) })))).toContain('effects');
    expect(mismatches(changed(ready, (line) => ({ ...line, state: { ...line.state, pending: 9 } })))).toContain(
      'state',
    );
    expect(mismatches(lines.slice(0, at('{"type":"joined"}')))).toContain('the trace is not complete');
    expect(mismatches([])).toContain('cannot be read');
    const last = lines.length - 1;
    const lying = (line: TraceLine) => ({
      ...line,
      state: { ...line.state, counts: { ...line.state.counts, succeeded: 2 } },
    });
    expect(mismatches(changed(last, lying))).toContain('1 calls were accepted');
  });
});

describe('what a dead parent leaves', () => {
  const plan = planOf([], { end: 'killed' });
  /** A pid that no process has. */
  const parent = 2 ** 22 + 1;

  async function dirOfOneCall(): Promise<string> {
    const dir = scratch();
    writeFileSync(join(dir, 'trace.jsonl'), `${(await traceOfOneCall()).join('\n')}\n`);
    return dir;
  }

  /** A descendant of that parent. */
  const sleeper = (marks: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn('sleep', ['60'], {
      stdio: 'ignore',
      env: { ...process.env, PROCFUTURES_TEST_MARK: String(parent), ...marks },
    });

  it('a worker that outlives it is seen, and ended', async () => {
    const dir = await dirOfOneCall();
    const orphan = sleeper();
    const report = await judgeRemains(plan, dir, parent, 100);
    expect(report.problems).toEqual([
      { check: 'leaks', text: `process ${orphan.pid} (sleep) outlived the process that held its pool` },
    ]);
    expect(report.orphans).toBe(1);
    await until(() => orphan.signalCode === 'SIGKILL', 'the end of the orphan');
  });

  it('what a task left on purpose is no orphan, though its worker died before it could tell of it', async () => {
    const dir = await dirOfOneCall();
    const left = sleeper({ PROCFUTURES_CHAOS_LEFT: dir });
    expect((await judgeRemains(plan, dir, parent)).problems).toEqual([]);
    await until(() => left.signalCode === 'SIGKILL', 'the end of what was left');
  });

  it('a call that was started twice is seen, and a trace that lies too', async () => {
    const dir = scratch();
    const trace = `${(await traceOfOneCall()).join('\n')}\n`;
    writeFileSync(join(dir, 'trace.jsonl'), trace.replace('"spawned":1', '"spawned":3'));
    const start = '{"at":"start","call":0,"pid":1}\n';
    appendFileSync(join(dir, 'history.jsonl'), start + start);
    const report = await judgeRemains(plan, dir, parent, 100);
    expect(failedChecks(report)).toEqual(['histories', 'trace']);
  });
});

/** Whether such a callback runs at all is open in a drawn plan, and the runner wants each warning announced. */
function withoutThrows(plan: Plan): Plan {
  const isQuiet = (step: Step): boolean => step.do !== 'submit' || !step.then?.some((deed) => deed.do === 'throw');
  return { ...plan, steps: plan.steps.filter(isQuiet) };
}

let recorded: Promise<readonly string[]> | undefined;

/** The lines of a trace that is in order; recorded once. */
function traceOfOneCall(): Promise<readonly string[]> {
  recorded ??= (async () => {
    const lines: string[] = [];
    await run(planOf([add(0)]), {
      trace: (line) => {
        lines.push(line);
        return [line];
      },
    });
    return lines;
  })();
  return recorded;
}
