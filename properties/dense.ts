/**
 * A step in one line, for people: what was told, what was asked for in return, and what it has come to.
 */
import { type CoreEvent, type CoreState, type Effect, heldBy } from '../machines/index.ts';
import type { Edge } from './edge.ts';

/** `outcomeReceived w0 c3 -> publish c3, send w0 c4 | running, 1 waits, w0 busy(c4) w1 idle`. */
export function dense({ event, effects, core }: Edge): string {
  const asked = effects.length === 0 ? 'nothing' : effects.map(effectInWords).join(', ');
  return `${eventInWords(event)} -> ${asked} | ${coreInWords(core)}`;
}

/** An event with its worker `w…` and its call `c…`. */
export function eventInWords(event: CoreEvent): string {
  const words: string[] = [event.type];
  if ('worker' in event) words.push(`w${event.worker}`);
  if ('work' in event) words.push(typeof event.work === 'number' ? `c${event.work}` : `c${event.work.id}`);
  if ('outcome' in event) words.push(event.outcome.kind);
  if (event.type === 'shutdown' && event.cancelFutures) words.push('cancelFutures');
  if (event.type === 'exited') words.push(event.signal ?? `code ${event.code}`);
  return words.join(' ');
}

/** An effect in the same way. */
export function effectInWords(effect: Effect): string {
  switch (effect.type) {
    case 'publish':
      return `publish c${effect.work.id}${effect.work.outcome ? ` ${effect.work.outcome.kind}` : ''}`;
    case 'refuse':
      return `refuse (${effect.reason})`;
    case 'send':
      return `send w${effect.worker} c${effect.work.id}`;
    case 'end':
      return `${effect.how} w${effect.worker}`;
    case 'timer':
      return effect.timer === null ? `stop timer w${effect.worker}` : `${effect.timer} timer w${effect.worker}`;
    case 'hold':
      return effect.on ? 'hold' : 'let go';
    case 'joined':
      return 'joined';
    default:
      return `${effect.type} w${effect.worker}`;
  }
}

/** The executor, the calls that wait, and each worker with the calls that it holds. */
export function coreInWords({ charts, executor, queue, workers }: CoreState): string {
  const words = [charts.executor.name(executor)];
  if (queue.size > 0) words.push(`${queue.size} wait${queue.size === 1 ? 's' : ''}`);
  const each = [...workers.values()].map((worker) => {
    const calls = heldBy(worker).map((work) => `c${work.id}`);
    return `w${worker.id} ${charts.worker.name(worker.state)}${calls.length > 0 ? `(${calls.join(' ')})` : ''}`;
  });
  return [...words, ...each].join(', ');
}
