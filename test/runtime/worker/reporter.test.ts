/** When results leave a worker, and in which form; the pipe is a file. */
import './clock.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SerializationError, TaskNotFoundError } from '../../../runtime/errors.ts';
import { Code } from '../../../runtime/wire/messages.ts';
import { now, Reporter, SLICE_MS, UnreadableArguments } from '../../../runtime/worker/reporter.ts';
import { TaskMissing } from '../../../runtime/worker/tasks.ts';
import './clock-back.ts';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeOutcome } from '../../../runtime/child-process/outcome.ts';
import { FrameReader, type JsonValue } from '../../../runtime/wire/frames.ts';
import { advance, time } from './clock.ts';
import { openPipe, type Pipe } from './pipe.ts';

const BIG = 64 * 1024;
const MEGABYTE = 1024 * 1024;

function open(): { pipe: Pipe; reporter: Reporter } {
  const pipe = openPipe();
  return { pipe, reporter: new Reporter(pipe.fd) };
}

/** A socket that is never waited for, as a task may have made the pipe; and its other end, which nobody reads. */
async function openSocket(): Promise<{ fd: number; peer: number; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-socket-'));
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = connect(join(folder, 's'));
  await new Promise((resolve) => client.once('connect', resolve));
  const other = await accepted;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (other.destroyed) resolve();
      else other.once('close', () => resolve()).destroy();
    });
  onTestFinished(async () => {
    client.on('error', () => {}).destroy();
    await close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  const fdOf = (socket: Socket): number => (socket as unknown as { _handle: { fd: number } })._handle.fd;
  return { fd: fdOf(client), peer: fdOf(other), close };
}

/** What cannot be copied, and says so. */
const uncopyable = (): unknown => ({ deep: [() => 1] });

describe('what a worker says', () => {
  it('ready is a frame of its own, written at once', () => {
    const { pipe, reporter } = open();
    reporter.ready();
    expect(pipe.said()).toEqual(['ready']);
  });

  it('a fault comes after every result that was collected', () => {
    const { pipe, reporter } = open();
    reporter.result(1, time(), 'first');
    reporter.fault(new RangeError('too much'));
    const [results, last] = pipe.said();
    expect(results).toMatchObject([{ id: 1, outcome: { kind: 'result', value: 'first' } }]);
    expect(last).toEqual({ fault: new RangeError('too much') });
  });

  it('a result carries its call, the time that it took in microseconds, and its value', () => {
    const { pipe, reporter } = open();
    const started = time();
    advance(2.5);
    reporter.result(7, started, { a: [1] });
    reporter.flush();
    expect(pipe.told()).toEqual([
      { id: 7, micros: 2_500, code: Code.result, outcome: { kind: 'result', value: { a: [1] } } },
    ]);
  });

  it('what was thrown carries the same, and is the exception', () => {
    const { pipe, reporter } = open();
    const started = time();
    advance(1.5);
    reporter.thrown(8, started, new TypeError('no'));
    reporter.flush();
    expect(pipe.told()).toEqual([
      { id: 8, micros: 1_500, code: Code.thrown, outcome: { kind: 'exception', error: new TypeError('no') } },
    ]);
  });

  it.each([[null], [true], [1.5], ['text']])('a primitive, %j, travels as it is', (value) => {
    const { pipe, reporter } = open();
    reporter.result(1, time(), value);
    reporter.flush();
    expect(pipe.told()).toMatchObject([{ code: Code.primitive, outcome: { kind: 'result', value } }]);
  });

  it.each([[undefined], [Number.NaN], [10n]])('what JSON changes, %s, arrives as it was', (value) => {
    const { pipe, reporter } = open();
    reporter.result(1, time(), value);
    reporter.flush();
    expect(pipe.told()).toMatchObject([{ code: Code.result }]);
    expect(pipe.value()).toBe(value);
  });
});

describe('what cannot be copied', () => {
  it('a result names its place, and why', () => {
    const { pipe, reporter } = open();
    reporter.result(1, time(), uncopyable());
    reporter.flush();
    const error = pipe.error() as SerializationError;
    expect(error).toBeInstanceOf(SerializationError);
    expect([error.side, error.path]).toEqual(['result', 'result.deep[0]']);
    expect(String(error.cause)).toContain('could not be cloned');
  });

  it('what was thrown names its place, and why', () => {
    const { pipe, reporter } = open();
    reporter.thrown(1, time(), uncopyable());
    reporter.flush();
    const error = pipe.error() as SerializationError;
    expect([error.side, error.path]).toEqual(['error', 'error.deep[0]']);
    expect(String(error.cause)).toContain('could not be cloned');
  });

  it('arguments that could not be built again are an argument of the call, with their reason', () => {
    const { pipe, reporter } = open();
    reporter.thrown(1, time(), new UnreadableArguments(new Error('torn')));
    reporter.flush();
    const error = pipe.error() as SerializationError;
    expect([error.side, error.path, error.cause]).toEqual(['argument', 'args', new Error('torn')]);
  });

  it('a reason that cannot be copied is said to be one', () => {
    const { pipe, reporter } = open();
    const reason = uncopyable();
    const value = {
      get trap(): unknown {
        throw reason;
      },
    };
    reporter.result(1, time(), value);
    reporter.flush();
    expect((pipe.error() as SerializationError).cause).toBe('a reason that cannot be copied either');
  });

  it('a thrown proxy whose traps throw fails its call and nothing else', () => {
    const { pipe, reporter } = open();
    const trap = (): never => {
      throw new Error('trapped');
    };
    reporter.thrown(1, time(), new Proxy({}, { getPrototypeOf: trap, ownKeys: trap, get: trap, has: trap }));
    reporter.result(2, time(), 'next');
    reporter.flush();
    expect(pipe.told()).toMatchObject([
      { id: 1, outcome: { kind: 'exception' } },
      { id: 2, outcome: { kind: 'result', value: 'next' } },
    ]);
  });
});

describe('a function that is missing', () => {
  it('is told with its message, and without a cause where there is none', () => {
    const { pipe, reporter } = open();
    reporter.thrown(1, time(), new TaskMissing('not there'));
    reporter.flush();
    const error = pipe.error() as TaskNotFoundError;
    expect(error).toBeInstanceOf(TaskNotFoundError);
    expect(error.message).toBe('not there');
    expect('cause' in error).toBe(false);
  });

  it('is told with its cause', () => {
    const { pipe, reporter } = open();
    reporter.thrown(1, time(), new TaskMissing('not there', { cause: new SyntaxError('half') }));
    reporter.flush();
    expect((pipe.error() as TaskNotFoundError).cause).toEqual(new SyntaxError('half'));
  });
});

describe('when results leave', () => {
  it('together, in one frame, when they are flushed; and only then', () => {
    const { pipe, reporter } = open();
    for (const id of [1, 2, 3]) reporter.result(id, time(), [id]);
    expect(pipe.ids()).toEqual([]);
    reporter.flush();
    reporter.flush();
    expect(pipe.ids()).toEqual([[1, 2, 3]]);
  });

  it('when the first has waited for a slice of time, with the one that comes then', () => {
    const { pipe, reporter } = open();
    reporter.result(1, time(), 'a');
    advance(SLICE_MS / 2);
    reporter.result(2, time(), 'b');
    expect(pipe.ids()).toEqual([]);
    advance(SLICE_MS);
    reporter.result(3, time(), 'c');
    expect(pipe.ids()).toEqual([[1, 2, 3]]);
    reporter.result(4, time(), 'd');
    expect(pipe.ids()).toEqual([[1, 2, 3]]);
  });

  it('exactly at the end of the slice', () => {
    const { pipe, reporter } = open();
    // Zero, so that no rounding is between the slice and the time that has passed.
    advance(-time());
    reporter.result(1, time(), 'a');
    advance(SLICE_MS);
    reporter.result(2, time(), 'b');
    expect(pipe.ids()).toEqual([[1, 2]]);
    advance(1_000);
  });

  it('at once where a value is large and still the memory of the task', () => {
    const { pipe, reporter } = open();
    const bytes = new Uint8Array(BIG).fill(1);
    reporter.result(1, time(), bytes);
    bytes.fill(2);
    expect(new Set(pipe.value() as Uint8Array)).toEqual(new Set([1]));
  });

  it('where more than a megabyte is collected, and not for a megabyte', () => {
    const { pipe, reporter } = open();
    // Seventeen pieces below the size from which they would be borrowed, of which sixteen are a megabyte less 16 bytes.
    const piece = (): Uint8Array => new Uint8Array(BIG - 1);
    for (let id = 0; id < 16; id++) reporter.result(id, time(), piece());
    reporter.result(16, time(), new Uint8Array(MEGABYTE - 16 * (BIG - 1)));
    expect(pipe.ids()).toEqual([]);
    reporter.result(17, time(), new Uint8Array(1));
    expect(pipe.ids()).toEqual([Array.from({ length: 18 }, (_, id) => id)]);
  });

  it('after this turn of the event loop, where they are flushed soon; once, and what came until then', async () => {
    const { pipe, reporter } = open();
    reporter.flushSoon();
    reporter.result(1, time(), 'a');
    reporter.flushSoon();
    reporter.flushSoon();
    reporter.result(2, time(), 'b');
    expect(pipe.ids()).toEqual([]);
    await new Promise(setImmediate);
    expect(pipe.ids()).toEqual([[1, 2]]);
    reporter.result(3, time(), 'c');
    reporter.flushSoon();
    await new Promise(setImmediate);
    expect(pipe.ids()).toEqual([[1, 2], [3]]);
  });

  it('is planned once, and not where there is nothing to write', async () => {
    const { pipe, reporter } = open();
    const original = globalThis.setImmediate;
    onTestFinished(() => {
      globalThis.setImmediate = original;
    });
    let planned = 0;
    globalThis.setImmediate = ((run: () => void) => {
      planned++;
      return original(run);
    }) as typeof setImmediate;
    reporter.flushSoon();
    expect(planned).toBe(0);
    reporter.result(1, time(), 'a');
    for (let i = 0; i < 3; i++) reporter.flushSoon();
    expect(planned).toBe(1);
    await new Promise((resolve) => original(resolve));
    expect(pipe.ids()).toEqual([[1]]);
  });

  it('segments of a frame that left are not sent again', () => {
    const { pipe, reporter } = open();
    for (const id of [1, 2]) {
      reporter.result(id, time(), new Uint8Array([id]));
      reporter.flush();
    }
    expect(pipe.told().map(({ outcome }) => outcome)).toEqual([
      { kind: 'result', value: new Uint8Array([1]) },
      { kind: 'result', value: new Uint8Array([2]) },
    ]);
  });
});

describe('a chunk', () => {
  it('of primitives travels as one list', () => {
    const { pipe, reporter } = open();
    const started = time();
    advance(1);
    const chunk = reporter.chunk(5, started);
    for (const value of [1, 'two', null]) chunk.result(value);
    expect(pipe.ids()).toEqual([]);
    chunk.end();
    reporter.flush();
    expect(pipe.told()).toMatchObject([{ id: 5, micros: 1_000, code: Code.plainChunk }]);
    expect(pipe.value()).toEqual([1, 'two', null].map((value) => ({ kind: 'result', value })));
  });

  it('of anything keeps the order of its items, primitives before and after', () => {
    const { pipe, reporter } = open();
    const chunk = reporter.chunk(5, time());
    chunk.result(1);
    chunk.result([2]);
    chunk.thrown(new RangeError('three'));
    chunk.result(4);
    chunk.end();
    reporter.flush();
    expect(pipe.told()).toMatchObject([{ code: Code.chunk }]);
    expect(pipe.value()).toEqual([
      { kind: 'result', value: 1 },
      { kind: 'result', value: [2] },
      { kind: 'exception', error: new RangeError('three') },
      { kind: 'result', value: 4 },
    ]);
  });

  it('sends what was collected before it, once it holds more than primitives', () => {
    const { pipe, reporter } = open();
    reporter.result(1, time(), 'a');
    const chunk = reporter.chunk(5, time());
    chunk.result(1);
    expect(pipe.ids()).toEqual([]);
    chunk.result(new Uint8Array([1]));
    expect(pipe.ids()).toEqual([[1]]);
    chunk.end();
    reporter.flush();
    expect(pipe.ids()).toEqual([[1], [5]]);
  });

  it('copies a large item before the next one can change it', () => {
    const { pipe, reporter } = open();
    const lent = new Uint8Array(BIG);
    const chunk = reporter.chunk(5, time());
    for (const fill of [1, 2]) chunk.result(lent.fill(fill));
    lent.fill(3);
    chunk.end();
    reporter.flush();
    const items = pipe.value() as readonly { value: Uint8Array }[];
    expect(items.map(({ value }) => [...new Set(value)])).toEqual([[1], [2]]);
  });
});

it('results that are too long for one frame travel one by one, and the culprit fails as what it is', () => {
  const { pipe, reporter } = open();
  const original = Buffer.byteLength;
  onTestFinished(() => {
    Buffer.byteLength = original;
  });
  const culprit = 'long'.repeat(10);
  // Heads are limited to 512 MiB; a text that says to be as long stands for one.
  Buffer.byteLength = (text, ...rest) =>
    String(text).includes(culprit) ? 2 ** 30 : original(text as string, ...(rest as []));
  for (const [id, value] of ['a', culprit, 'c'].entries()) reporter.result(id, time(), value);
  reporter.flush();
  expect(pipe.ids()).toEqual([[0], [1], [2]]);
  const [first, second, third] = pipe.told();
  expect([first?.outcome, third?.outcome]).toEqual([
    { kind: 'result', value: 'a' },
    { kind: 'result', value: 'c' },
  ]);
  const { error } = second!.outcome as unknown as { error: SerializationError };
  expect([error.side, error.path, (error.cause as Error).name]).toEqual(['result', 'result', 'RangeError']);
});

describe('a pipe that takes nothing', () => {
  it('is tried again until it takes the rest, where it is full', async () => {
    const { fd, peer } = await openSocket();
    const received: Buffer[] = [];
    const original = Atomics.wait;
    onTestFinished(() => {
      Atomics.wait = original;
    });
    const drain = (): void => {
      const into = Buffer.alloc(MEGABYTE);
      const length = readSync(peer, into, 0, MEGABYTE, null);
      received.push(into.subarray(0, length));
    };
    let pauses = 0;
    Atomics.wait = (() => {
      pauses++;
      drain();
      return 'timed-out';
    }) as typeof Atomics.wait;
    const text = 'long'.repeat(MEGABYTE);
    const reporter = new Reporter(fd);
    reporter.result(1, time(), text);
    reporter.flush();
    const values: unknown[] = [];
    const reader = new FrameReader(({ payload, segments }) => {
      const [, , code, value] = payload as JsonValue[];
      const outcome = decodeOutcome(code, value, segments);
      values.push(outcome.kind === 'result' && outcome.value === text);
    });
    do {
      for (const chunk of received.splice(0)) reader.push(chunk);
      if (values.length === 0) drain();
    } while (received.length > 0);
    expect(values).toEqual([true]);
    expect(pauses).toBeGreaterThan(0);
  });

  it('ends the process, without a complaint, where the parent is gone', async () => {
    const { fd, close } = await openSocket();
    await close();
    expect(() => new Reporter(fd).ready()).toThrow(expect.objectContaining({ code: 0 }));
  });

  it('ends it likewise where the parent has left something unread', async () => {
    const { fd, close } = await openSocket();
    new Reporter(fd).ready();
    await close();
    expect(() => new Reporter(fd).ready()).toThrow(expect.objectContaining({ code: 0 }));
  });

  it('ends it as a failure where a task has closed the descriptor', () => {
    const path = fileURLToPath(import.meta.url);
    const fd = openSync(path, 'r');
    onTestFinished(() => closeSync(fd));
    expect(() => new Reporter(fd).ready()).toThrow(expect.objectContaining({ code: 1 }));
  });

  it('is an error of ours in every other case', () => {
    expect(() => new Reporter(-1).ready()).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });
});

it('the time that tasks see may be replaced, that of the worker is its own', () => {
  expect(now()).toBe(time());
  expect(performance.now()).not.toBe(time());
});
