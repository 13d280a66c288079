/**
 * Looks for a shorter plan that still fails: first without ever smaller runs of steps, then with plainer options.
 */
import type { Plan, Step } from './plan.ts';

/** @returns the shortest failing plan found; `isFailing` runs a plan as often as it takes to trust its answer */
export async function shrink(plan: Plan, isFailing: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let best = plan;
  const attempt = async (candidate: Plan): Promise<boolean> => {
    if (!(await isFailing(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let length = Math.ceil(best.steps.length / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
    for (let at = 0; at < best.steps.length; ) {
      const steps = best.steps.toSpliced(at, length);
      if (!(await attempt({ ...best, steps }))) at += length;
    }
  }
  for (const [at, step] of best.steps.entries()) {
    const plainer = withoutCallback(step);
    if (plainer) await attempt({ ...best, steps: best.steps.with(at, plainer) });
  }
  for (const name of ['jitter', 'maxTasksPerChild', 'initializer', 'bootTimeout'] as const) {
    if (best.options[name] === undefined) continue;
    const { [name]: _, ...options } = best.options;
    await attempt({ ...best, options });
  }
  for (const plainer of [
    { maxWorkers: 1 },
    { output: 'ignore' },
    { charts: 'tables' },
    { prefetchHorizon: 0 },
  ] as const) {
    const options = { ...best.options, ...plainer };
    if (JSON.stringify(options) !== JSON.stringify(best.options)) await attempt({ ...best, options });
  }
  return best;
}

function withoutCallback(step: Step): Step | undefined {
  if (step.do !== 'submit' || !step.then) return undefined;
  const { then: _, ...rest } = step;
  return rest;
}
