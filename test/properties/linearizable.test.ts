/**
 * The judge of histories, asked about histories whose answer is known.
 */
import { describe, expect, it } from 'vitest';
import { afterJoined, type CallRecord, judgeCall, judgeItem } from '../../properties/linearizable.ts';

const call = 0;
const pid = 4711;
const submitted: CallRecord[] = [
  { at: 'submit', call },
  { at: 'submitted', call },
];
const started: CallRecord = { at: 'start', call, pid };
const returned: CallRecord = { at: 'finish', call, pid, how: 'returned' };
const threw: CallRecord = { at: 'finish', call, pid, how: 'threw' };
const cancel = (answer: boolean, ...meanwhile: CallRecord[]): CallRecord[] => [
  { at: 'cancel', call },
  ...meanwhile,
  { at: 'cancelled', call, answer },
];
const settled = (ending: Extract<CallRecord, { at: 'settled' }>['ending']): CallRecord => ({
  at: 'settled',
  call,
  ending,
});
const cancelAll: CallRecord = { at: 'cancelAll' };
const outside: CallRecord = { at: 'settledOutside', call };

describe('a history that some order of its operations explains', () => {
  it.each<[string, CallRecord[]]>([
    [
      'a refused submit',
      [
        { at: 'submit', call },
        { at: 'refused', call },
      ],
    ],
    ['a result', [...submitted, started, returned, settled('result')]],
    ['an error', [...submitted, started, threw, settled('thrown')]],
    ['a cancelled call', [...submitted, ...cancel(true, settled('cancelled')), ...cancel(true)]],
    ['a cancel that came too late, its mark later still', [...submitted, ...cancel(false), started, settled('lost')]],
    ['a call whose pool broke before it was written', [...submitted, settled('lost')]],
    ['a call that runs on after its pool broke', [...submitted, settled('lost'), started, returned]],
    ['a call cancelled by the executor', [...submitted, cancelAll, settled('cancelled')]],
    ['a call that a user settled while it ran', [...submitted, started, outside, settled('outside'), returned]],
    ['an argument that could not be copied', [...submitted, settled('argument'), ...cancel(false)]],
  ])('%s', (_, history) => {
    expect(judgeCall(history)).toBeUndefined();
  });
});

describe('a history that no order explains', () => {
  it.each<[string, CallRecord[]]>([
    ['a start after cancel() was true', [...submitted, ...cancel(true, settled('cancelled')), started]],
    ['cancel() true after the start', [...submitted, started, ...cancel(true)]],
    ['cancel() false, and cancelled later', [...submitted, ...cancel(false), settled('cancelled')]],
    ['two starts', [...submitted, started, started, returned, settled('result')]],
    ['two ends of the task', [...submitted, started, returned, returned, settled('result')]],
    ['a result without an end of the task', [...submitted, started, settled('result')]],
    ['a result without a start', [...submitted, settled('result')]],
    ['a result of a task that threw', [...submitted, started, threw, settled('result')]],
    ['two callbacks', [...submitted, started, returned, settled('result'), settled('result')]],
    ['a start before the submit', [{ at: 'submit', call }, started]],
    ['a start of a refused call', [{ at: 'submit', call }, { at: 'refused', call }, started]],
    ['a cancelled call that nobody cancelled', [...submitted, settled('cancelled')]],
    ['cancelled by the executor before it was asked to', [...submitted, settled('cancelled'), cancelAll]],
    ['settled by a user who did not', [...submitted, started, settled('outside')]],
    ['an end that nobody was told of', [...submitted, started, returned]],
    ['a start of a call whose argument could not be copied', [...submitted, settled('argument'), started]],
    ['an unknown end', [...submitted, started, returned, settled('other')]],
  ])('%s', (_, history) => {
    expect(judgeCall(history)).toMatch(/no order of its operations|nobody was told/);
  });
});

describe('the items of a map, which have no future', () => {
  it('may run once, and be read after their end', () => {
    expect(judgeItem([started, returned, { at: 'item', call, ending: 'result' }])).toBeUndefined();
    expect(judgeItem([started, { at: 'item', call, ending: 'lost' }, returned])).toBeUndefined();
  });

  it.each<[string, CallRecord[]]>([
    ['two starts', [started, started]],
    ['an end without a start', [returned]],
    ['a result before its end', [started, { at: 'item', call, ending: 'result' }, returned]],
  ])('%s', (_, history) => {
    expect(judgeItem(history)).toMatch(/cannot come after/);
  });
});

it('a mark that was written after the pool had joined is found', () => {
  expect(afterJoined([started, { at: 'joined' }, returned])).toEqual([returned]);
  expect(afterJoined([started, returned, { at: 'joined' }])).toEqual([]);
});
