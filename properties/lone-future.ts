/**
 * A future that belongs to no executor, judged whole: five states, four methods, as CPython's `_base.py:319-560` has
 * them.
 */
import type { Charts, FutureEvent, FutureTag } from '../machines/index.ts';

type Row = Readonly<Record<FutureEvent, readonly [next: string, effect?: 'publish' | 'refuse']>>;

const refuses = (state: string): Omit<Row, 'cancel' | 'setRunningOrNotifyCancel'> => ({
  setResult: [state, 'refuse'],
  setException: [state, 'refuse'],
});

/** What CPython's methods do in each state. */
const METHODS: Readonly<Record<string, Row>> = {
  PENDING: {
    cancel: ['CANCELLED', 'publish'],
    setRunningOrNotifyCancel: ['RUNNING'],
    setResult: ['FINISHED', 'publish'],
    setException: ['FINISHED', 'publish'],
  },
  RUNNING: {
    cancel: ['RUNNING'],
    setRunningOrNotifyCancel: ['RUNNING', 'refuse'],
    setResult: ['FINISHED', 'publish'],
    setException: ['FINISHED', 'publish'],
  },
  CANCELLED: {
    cancel: ['CANCELLED'],
    setRunningOrNotifyCancel: ['CANCELLED_AND_NOTIFIED'],
    ...refuses('CANCELLED'),
  },
  CANCELLED_AND_NOTIFIED: {
    cancel: ['CANCELLED_AND_NOTIFIED'],
    setRunningOrNotifyCancel: ['CANCELLED_AND_NOTIFIED', 'refuse'],
    ...refuses('CANCELLED_AND_NOTIFIED'),
  },
  FINISHED: {
    cancel: ['FINISHED'],
    setRunningOrNotifyCancel: ['FINISHED', 'refuse'],
    ...refuses('FINISHED'),
  },
};

/** What its methods answer: `running()`, `cancelled()`, `done()`. */
const ANSWERS: Readonly<Record<string, readonly FutureTag[]>> = {
  PENDING: ['pending'],
  RUNNING: ['running'],
  CANCELLED: ['cancelled', 'done'],
  CANCELLED_AND_NOTIFIED: ['cancelled', 'done'],
  FINISHED: ['done'],
};

/** Where the future chart differs from CPython's future, or `undefined`. */
export function judgeLoneFuture({ future }: Charts): string | undefined {
  const seen = new Set<number>();
  const open = [future.initial.next];
  if (future.name(future.initial.next) !== 'PENDING') return 'it does not begin as PENDING';
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const name = future.name(state);
    const row = METHODS[name];
    if (!row) return `there is a state '${name}'`;
    for (const tag of ['pending', 'running', 'cancelled', 'done'] as const)
      if (future.has(state, tag) !== ANSWERS[name]?.includes(tag)) return `'${tag}' is answered wrongly in ${name}`;
    for (const [method, [next, effect]] of Object.entries(row) as [FutureEvent, Row[FutureEvent]][]) {
      try {
        const cell = future.transition(state, method);
        const does = cell.effects.join();
        if (future.name(cell.next) !== next || does !== (effect ?? ''))
          return `${method} in ${name} leads to ${future.name(cell.next)} (${does}), not to ${next} (${effect ?? ''})`;
        open.push(cell.next);
      } catch (error) {
        return String(error);
      }
    }
  }
  return seen.size === 5 ? undefined : `${seen.size} states are reached, not 5`;
}
