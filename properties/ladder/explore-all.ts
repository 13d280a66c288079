/**
 * Explores several scopes, two at a time, each in a process of its own.
 */
import { fork } from 'node:child_process';
import type { Scope } from '../moves.ts';
import type { Explored, Message, Order } from './explore-one.ts';
import { grouped, type Setting } from './rung.ts';

/** As many as a small machine has cores. */
const AT_A_TIME = 2;
/** What was stepped before is kept in the heap of JavaScript: 0.2 kB a step. */
const HEAP_MB = 6_144;

/**
 * What each scope has come to, in the order of `scopes`; the widest, which come last, are begun first. An error where
 * no process has told.
 */
export async function exploreAll(
  scopes: readonly Scope[],
  { progress, planted }: Pick<Setting, 'progress' | 'planted'>,
): Promise<(Explored | Error)[]> {
  const results: (Explored | Error)[] = [];
  const states = new Map<Scope, number>();
  const waiting = [...scopes];
  const work = async (): Promise<void> => {
    for (let scope = waiting.pop(); scope; scope = waiting.pop()) {
      const it = scope;
      results[scopes.indexOf(it)] = await exploreApart({ scope: it, planted }, (count) => {
        states.set(it, count);
        progress(`${states.size} of ${scopes.length} scopes, ${grouped(sum(states.values()))} states`);
      }).catch((error: Error) => error);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return results;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function exploreApart(order: Order, onStates: (states: number) => void): Promise<Explored> {
  return new Promise((resolve, reject) => {
    // From dist/properties/ladder as from dist/test/ladder, into which this module is bundled.
    const child = fork(new URL('../../properties/ladder/explore-one.js', import.meta.url), [JSON.stringify(order)], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=64'],
      serialization: 'advanced',
    });
    let done: Explored | undefined;
    child.on('message', (message: Message) => {
      if ('states' in message) return onStates(message.states);
      done = message.done;
      onStates(done.states);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (done) resolve(done);
      else
        reject(
          new Error(`exploring ${JSON.stringify(order.scope)} ended with ${signal ?? `code ${code}`}, and no result`),
        );
    });
  });
}
