/** Calls on their way to a worker: how many to a frame, how functions are named, and what cannot be copied. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Outcome } from '../../../machines/vocabulary.ts';
import { Outbox, TaskTable } from '../../../runtime/child-process/outbox.ts';
import type { SerializationError } from '../../../runtime/errors.ts';
import { chunkOf, inline, type Task, tasksFrom } from '../../../runtime/task.ts';
import type { JsonValue } from '../../../runtime/wire/frames.ts';
import { CALLS, CallForm, STRIDE } from '../../../runtime/wire/messages.ts';
import { decodeArgs } from '../../../runtime/wire/value.ts';
import { framesOf } from '../wire/frame-trip.ts';

const module = 'file:///tasks.js';
const { one, two } = tasksFrom(module) as unknown as Record<'one' | 'two', Task>;
const notCopied = (): void => {};

interface Sent {
  readonly work: number;
  readonly ref: JsonValue;
  readonly form: number;
  readonly value: unknown;
}

let table: TaskTable;
let outbox: Outbox;
let rejected: [work: number, outcome: Outcome][];

beforeEach(() => {
  table = new TaskTable();
  outbox = new Outbox(table);
  rejected = [];
});

/** What a worker would read, frame by frame. */
function send(): Sent[][] {
  const reject = (work: number, outcome: Outcome): number => rejected.push([work, outcome]);
  return [...outbox.frames(reject)].map((chunks) => {
    const [{ kind, payload, segments }] = framesOf(chunks) as [ReturnType<typeof framesOf>[0]];
    expect(kind).toBe(CALLS);
    const entries = payload as readonly JsonValue[];
    return Array.from({ length: entries.length / STRIDE }, (_, at) => {
      const [work, ref, form, value] = entries.slice(at * STRIDE, (at + 1) * STRIDE) as [
        number,
        JsonValue,
        number,
        never,
      ];
      if (form === CallForm.args) return { work, ref, form, value: decodeArgs(value, segments) };
      if (form !== CallForm.chunk) return { work, ref, form, value };
      const items = (value as readonly (readonly [JsonValue] | null)[]).map((it) => it && decodeArgs(it[0], segments));
      return { work, ref, form, value: items };
    });
  });
}

const add = (work: number, task: Task, ...args: unknown[]): void => outbox.add({ work, task, args });
const result = (value: unknown): Outcome => ({ kind: 'result', value });

describe('functions', () => {
  it('are named in full once, and by key from then on', () => {
    expect(table.refOf(one)).toEqual([0, module, 'one']);
    expect(table.refOf(two)).toEqual([1, module, 'two']);
    expect([table.refOf(one), table.refOf(two), table.size]).toEqual([0, 1, 2]);
  });

  it('are the same where another reference names the same export', () => {
    table.refOf(one);
    const again = (tasksFrom(module) as unknown as { one: Task }).one;
    expect([table.refOf(again), table.refOf(again), table.size]).toEqual([0, 0, 1]);
  });

  it('that are inline are named by their source', () => {
    const task = inline(() => 1) as Task<never, unknown>;
    expect(table.refOf(task)).toEqual([0, null, task.name, task.source]);
  });

  it('beyond a size are forgotten, and named in full again', () => {
    table.refOf(one);
    table.refOf(two);
    table.forgetBeyond(1);
    expect(table.size).toBe(1);
    expect([table.refOf(one), table.refOf(two)]).toEqual([0, [1, module, 'two']]);
  });
});

describe('a frame', () => {
  it('takes all calls in their order, and nothing is sent twice', () => {
    add(1, one, 'a');
    add(2, two, { b: 1 }, undefined);
    add(3, one, [1]);
    expect(send()).toEqual([
      [
        { work: 1, ref: [0, module, 'one'], form: CallForm.primitive, value: 'a' },
        { work: 2, ref: [1, module, 'two'], form: CallForm.args, value: [{ b: 1 }, undefined] },
        { work: 3, ref: 0, form: CallForm.args, value: [[1]] },
      ],
    ]);
    expect(send()).toEqual([]);
  });

  it('takes two primitives as arguments, and none', () => {
    add(1, one, 1, 2);
    add(2, one);
    expect(send()).toMatchObject([
      [
        { form: CallForm.args, value: [1, 2] },
        { form: CallForm.args, value: [] },
      ],
    ]);
  });

  it('takes 128 calls', () => {
    for (let work = 0; work < 257; work++) add(work, one, work);
    expect(send().map((calls) => calls.map(({ work }) => work))).toEqual([
      Array.from({ length: 128 }, (_, work) => work),
      Array.from({ length: 128 }, (_, work) => 128 + work),
      [256],
    ]);
    for (let work = 0; work < 128; work++) add(work, one, work);
    expect(send()).toHaveLength(1);
  });

  it('takes a megabyte of bytes', () => {
    for (let work = 0; work < 3; work++) add(work, one, new Uint8Array(512 * 1024));
    expect(send().map((calls) => calls.map(({ work }) => work))).toEqual([[0, 1], [2]]);
  });
});

describe('what cannot be copied', () => {
  it('is refused alone, with its place', () => {
    add(1, one, { deep: notCopied });
    add(2, one, 'next');
    expect(send()).toEqual([[{ work: 2, ref: [0, module, 'one'], form: CallForm.primitive, value: 'next' }]]);
    const [[work, outcome]] = rejected as unknown as [[number, { error: SerializationError }]];
    expect([work, outcome.error.side, outcome.error.path]).toEqual([1, 'argument', 'args[0].deep']);
  });

  it('makes no frame where nothing is left', () => {
    add(1, one, notCopied);
    expect(send()).toEqual([]);
    expect(rejected).toHaveLength(1);
  });
});

describe('a chunk', () => {
  const chunk = (task: Task): Task => chunkOf(task) as never;

  it('of primitives travels as one list', () => {
    outbox.add({ work: 1, task: chunk(one), args: [[1], ['b'], [null]] });
    expect(send()).toMatchObject([[{ work: 1, form: CallForm.plainChunk, value: [1, 'b', null] }]]);
  });

  it.each([
    ['two arguments', [[1], [1, 2]]],
    ['none', [[1], []]],
    ['no primitive', [[1], [{ a: 1 }]]],
  ])('with an item of %s travels as arguments', (_what, items) => {
    outbox.add({ work: 1, task: chunk(one), args: items });
    expect(send()).toMatchObject([[{ work: 1, form: CallForm.chunk, value: items }]]);
    const outcome = result([]);
    expect(outbox.complete(1, outcome)).toBe(outcome);
  });

  it('leaves out items that cannot be copied, and puts their failures back into the outcome', () => {
    outbox.add({ work: 1, task: chunk(one), args: [[notCopied], [1], [notCopied], [2]] });
    expect(send()).toMatchObject([[{ form: CallForm.chunk, value: [null, [1], null, [2]] }]]);
    expect(rejected).toEqual([]);
    const other = result([result('x')]);
    expect(outbox.complete(2, other)).toBe(other);
    const { kind, value } = outbox.complete(1, result([result('a'), result('b')])) as {
      kind: string;
      value: Outcome[];
    };
    expect(kind).toBe('result');
    expect(value.map((it) => (it.kind === 'result' ? it.value : it.kind))).toEqual([
      'exception',
      'a',
      'exception',
      'b',
    ]);
    const again = result([]);
    expect(outbox.complete(1, again)).toBe(again);
  });

  it('that failed as a whole stays what it is, whatever was left out', () => {
    outbox.add({ work: 1, task: chunk(one), args: [[notCopied], [1]] });
    send();
    const failed: Outcome = { kind: 'exception', error: new Error('lost') };
    expect(outbox.complete(1, failed)).toBe(failed);
  });

  it('of which nothing can be copied is not sent: each item fails', () => {
    outbox.add({ work: 1, task: chunk(one), args: [[notCopied], [notCopied]] });
    expect(send()).toEqual([]);
    const [[work, outcome]] = rejected as unknown as [[number, { kind: string; value: Outcome[] }]];
    expect([work, outcome.kind, outcome.value.map(({ kind }) => kind)]).toEqual([
      1,
      'result',
      ['exception', 'exception'],
    ]);
  });
});

describe('calls that are too long for one frame', () => {
  const culprit = 'long'.repeat(10);
  beforeEach(() => {
    // Heads are limited to 512 MiB; a text that says to be as long stands for one.
    const original = Buffer.byteLength;
    onTestFinished(() => {
      Buffer.byteLength = original;
    });
    Buffer.byteLength = (text, ...rest) =>
      String(text).includes(culprit) ? 2 ** 30 : original(text as string, ...(rest as []));
  });

  it('travel one by one, and the culprit is refused', () => {
    add(1, one, 'a');
    add(2, two, culprit);
    add(3, two, 'c');
    expect(send()).toEqual([
      [{ work: 1, ref: [0, module, 'one'], form: CallForm.primitive, value: 'a' }],
      [{ work: 3, ref: [1, module, 'two'], form: CallForm.primitive, value: 'c' }],
    ]);
    const [[work, outcome]] = rejected as unknown as [[number, { error: SerializationError }]];
    expect([work, outcome.error.side, outcome.error.path]).toEqual([2, 'argument', 'args']);
    expect(outcome.error.message).toContain('too long for one frame: send it in parts.');
    expect((outcome.error.cause as Error).name).toBe('RangeError');
  });

  it('in a chunk fail item by item, and a smaller chunk is advised', () => {
    outbox.add({ work: 1, task: chunkOf(one) as never, args: [[culprit], [notCopied]] });
    expect(send()).toEqual([]);
    const [[work, outcome]] = rejected as unknown as [[number, { kind: string; value: { error: Error }[] }]];
    expect([work, outcome.kind]).toEqual([1, 'result']);
    for (const { error } of outcome.value)
      expect(error.message).toContain('too long for one frame: use a smaller chunksize.');
    const late = result([]);
    expect(outbox.complete(1, late)).toBe(late);
  });
});
