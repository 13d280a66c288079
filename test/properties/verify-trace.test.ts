/**
 * A recorded trace is judged as explored runs are; whatever is wrong with it is said, never thrown.
 */
import { describe, expect, it } from 'vitest';
import { digest, plain } from '../../machines/index.ts';
import { mutant } from '../../properties/mutants.ts';
import { verifyTrace } from '../../properties/verify-trace.ts';
import { World } from '../../properties/world.ts';

const RUN = [
  'submit',
  'submit',
  'spawned 0',
  'cancel 1',
  'boot 0',
  'read 0',
  'finish 0',
  'read 0',
  'shutdown',
  'submit',
];

/** What the `trace` option of an executor is given in such a run. */
function traceOf(run: readonly string[], charts?: World['charts']): string[] {
  const world = new World({ workers: 1, tasks: 3, kills: 1, wishes: 3, faults: 3 }, charts);
  const options = { ...world.core.options, maxTasksPerChild: 'Infinity' };
  const lines = [JSON.stringify({ procfutures: 1, options })];
  for (const move of run) {
    const edge = world.happen(move);
    if (!edge) continue;
    const { event, effects, core } = edge;
    const [plainEvent, plainEffects] = [plain(event), effects.map(plain)];
    lines.push(JSON.stringify({ step: lines.length, event: plainEvent, state: digest(core), effects: plainEffects }));
    world.settle(edge);
  }
  return lines;
}

describe('verifyTrace', () => {
  it('finds a good trace good, and says how many calls were open at its end', () => {
    const trace = traceOf(RUN);
    expect(verifyTrace(trace)).toMatchObject({
      isGood: true,
      steps: trace.length - 1,
      unsettled: 0,
      trouble: undefined,
    });
    expect(verifyTrace(trace.slice(0, 3))).toMatchObject({ isGood: true, unsettled: 2 });
    expect(verifyTrace(`${trace.join('\n')}\n`).text).toContain('every accepted call is settled');
  });

  it('says where a trace was cut', () => {
    const text = traceOf(RUN).join('\n');
    expect(verifyTrace(text.slice(0, -20)).trouble).toMatchObject({ kind: 'truncated', line: text.split('\n').length });
  });

  it.each([
    ['an empty one', [], 1],
    ['another header', ['{"procfutures":2}'], 1],
    ['a header without options', ['{"procfutures":1,"options":{}}'], 1],
    ['no JSON in the middle', [...traceOf(RUN).slice(0, 2), 'x', ...traceOf(RUN).slice(2)], 3],
    ['a step that is missing', traceOf(RUN).toSpliced(2, 1), 3],
    ['an event that is none of ours', [...traceOf([]), '{"step":1,"event":{"type":"party"}}'], 2],
    ['a call that was never submitted', [...traceOf([]), '{"step":1,"event":{"type":"cancel","work":7}}'], 2],
    ['null', [...traceOf([]), 'null'], 2],
  ])('says what it cannot read: %s', (_, lines, line) => {
    expect(verifyTrace(lines).trouble).toMatchObject({ kind: 'unreadable', line });
  });

  it('finds the step that goes another way, and shows those before it', () => {
    const trace = traceOf(RUN).map((line) => line.replace('"pending":2', '"pending":3'));
    const { trouble, tail, text } = verifyTrace(trace);
    expect(trouble).toMatchObject({ kind: 'mismatch', line: 3 });
    expect(tail).toHaveLength(2);
    expect(text).toContain('2 submit c1 -> nothing | running, 2 wait, w0 spawning');
  });

  it('finds the step that breaks a promise, in a trace of an executor with a bug', () => {
    const { charts } = mutant('executor shuttingDown.draining/cancelFutures loses cancelPending');
    const { trouble } = verifyTrace(traceOf(['submit', 'shutdownCancel'], charts), { charts });
    expect(trouble).toMatchObject({ kind: 'breach', line: 3, invariant: { id: 'I33' } });
  });

  it('finds an event that cannot be', () => {
    const lines = traceOf(['submit']);
    const { trouble } = verifyTrace([...lines, '{"step":2,"event":{"type":"ready","worker":0}}']);
    expect(trouble).toMatchObject({ kind: 'breach', line: 3, invariant: { id: 'P0' } });
  });
});
