/**
 * Plans: made from a seed, written as data, shortened; and the command line that asks for them.
 */
import { describe, expect, it } from 'vitest';
import { argsFrom } from './args.ts';
import { makePlan } from './generate.ts';
import { allSteps, type Plan, parsePlan, type Step } from './plan.ts';
import { shrink } from './shrink.ts';
import { REQUIRED, summarize, tableOf, WITNESSES_FROM } from './summary.ts';
import { add, planOf } from './support.ts';

const RUN = Array.from({ length: WITNESSES_FROM }, (_, episode) => makePlan('seed', episode, { parentMayDie: true }));

describe('plans', () => {
  it('the same seed gives the same plan, another one another', () => {
    const again = RUN.map((_, episode) => makePlan('seed', episode, { parentMayDie: true }));
    expect(again).toEqual(RUN);
    expect(new Set(RUN.map((plan) => JSON.stringify(plan))).size).toBe(RUN.length);
    expect(makePlan('other', 0, { parentMayDie: true }).steps).not.toEqual(RUN[0]?.steps);
  });

  it('are data: they survive being written and read', () => {
    for (const plan of RUN) expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
    expect(() => parsePlan('{"version":2}')).toThrow(/no plan/);
    expect(() => parsePlan('null')).toThrow(/no plan/);
  });

  it('a run lacks no task, no deed, no rare option and no end', () => {
    const steps = RUN.flatMap((plan) => [...allSteps(plan.steps)]);
    const count = (of: (step: Step) => boolean) => steps.filter(of).length;
    const tasks = ['add', 'doze', 'fail', 'failLater', 'hold', 'block', 'spin', 'deaf', 'exit', 'exitAfter', 'abort'];
    tasks.push('exhaust', 'rejectAfter', 'throwAfter', 'take', 'give', 'unreachable', 'giveUncopyable', 'missing');
    tasks.push('throwUncopyable', 'closeDescriptor', 'garbage', 'halfFrame', 'leaveGrandchild', 'chatter');
    for (const task of tasks)
      expect(
        count((step) => step.do === 'submit' && step.spec.task === task),
        task,
      ).toBeGreaterThan(2);
    const deeds = ['cancel', 'settle', 'shutdown', 'terminate', 'kill', 'throw', 'map', 'peek', 'signal', 'continue'];
    for (const deed of [...deeds, 'open', 'drop', 'await'])
      expect(
        count((step) => step.do === deed),
        deed,
      ).toBeGreaterThan(2);
    for (const end of ['drain', 'terminate', 'kill', 'drop', 'exit', 'killed'])
      expect(RUN.filter((plan) => plan.end === end).length, end).toBeGreaterThan(2);
    expect(RUN.filter(({ options }) => options.noExecutable).length).toBeGreaterThan(2);
    expect(RUN.filter(({ options }) => options.bootTimeout === 1).length).toBeGreaterThan(2);
  });

  it('names each call once, and cancels none before it is there', () => {
    for (const { seed, steps } of RUN) {
      const calls = [...allSteps(steps)].flatMap((step) => {
        if (step.do === 'map') return step.items.map((_, place) => step.first + place);
        return step.do === 'submit' ? [step.call] : [];
      });
      expect(new Set(calls).size, seed).toBe(calls.length);
    }
  });

  it('end the process that holds the pool only where they may', () => {
    const gentle = RUN.map((_, episode) => makePlan('seed', episode, { parentMayDie: false }).end);
    expect(gentle.filter((end) => end === 'exit' || end === 'killed')).toEqual([]);
  });

  it('shrink to the steps that make them fail', async () => {
    const long = planOf([add(0), add(1), { do: 'kill' }, add(2), { do: 'open' }, add(3), add(4)], {
      options: { ...planOf([]).options, maxWorkers: 3, maxTasksPerChild: 2, prefetchHorizon: 5 },
    });
    const tried: Plan[] = [];
    const fails = async (plan: Plan) => {
      tried.push(plan);
      const at = plan.steps.findIndex((step) => step.do === 'kill');
      return at >= 0 && plan.steps.slice(at).some((step) => step.do === 'submit' && step.call === 3);
    };
    const short = await shrink(long, fails);
    expect(short.steps).toEqual([{ do: 'kill' }, add(3)]);
    expect(short.options).toEqual(planOf([]).options);
    expect(tried.length).toBeLessThan(40);
  });
});

describe('the report', () => {
  const report = { seed: 's/0', problems: [], judged: { trace: 7, settled: 2 }, orphans: 0, waitedInVain: 1 };
  const good = { ...report, witnesses: REQUIRED, milliseconds: 5 };

  it('adds up', () => {
    const bad = { ...good, problems: [{ check: 'trace', text: 'wrong' }] as const, orphans: 2 };
    const summary = summarize(
      's',
      [good, bad],
      [{ episode: 1, directory: '/nowhere', problems: bad.problems }],
      1,
      true,
    );
    expect(summary).toMatchObject({ episodes: 2, eventsValidated: 14, mismatches: 1, orphans: 2, ok: false });
    expect(summary.missingWitnesses).toEqual([]);
    expect(summarize('s', [good], [], 1, true).ok).toBe(true);
  });

  it('is not good when something interesting did not happen', () => {
    const dull = { ...good, witnesses: REQUIRED.slice(1) };
    const summary = summarize('s', [dull], [], 1, true);
    expect(summary).toMatchObject({ ok: false, missingWitnesses: [REQUIRED[0]] });
    expect(tableOf(summary)).toContain(`did not happen, so that this run shows nothing of it: ${REQUIRED[0]}`);
    expect(summarize('s', [dull], [], 1, false).ok).toBe(true);
  });
});

describe('the command line', () => {
  const parse = (...words: string[]) => argsFrom(words, () => 'drawn');

  it('has defaults', () => {
    expect(parse()).toMatchObject({ episodes: 200, seed: 'drawn', lanes: 2, replay: undefined, json: undefined });
    expect(parse('--episodes', '7', '--seed', 'x', '--json', 'f')).toMatchObject({ episodes: 7, seed: 'x', json: 'f' });
    expect(parse('--replay', 'plan.json')).toMatchObject({ replay: 'plan.json', times: 1 });
    expect(parse('--replay', 'plan.json', '--shrink')).toMatchObject({ shrink: true, times: 10 });
  });

  it('refuses what makes no sense', () => {
    expect(() => parse('--episode', '7')).toThrow(/--episode/);
    expect(() => parse('--episodes', '0')).toThrow(/--episodes takes a whole number from 1/);
    expect(() => parse('--shrink')).toThrow(/go with --replay/);
  });
});
