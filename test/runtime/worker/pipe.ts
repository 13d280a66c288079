/** A file in the place of the pipe to the parent, and what a parent would read in it. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Outcome } from '../../../machines/vocabulary.ts';
import { decodeFault, decodeOutcome } from '../../../runtime/child-process/outcome.ts';
import { type Frame, FrameReader, type JsonValue } from '../../../runtime/wire/frames.ts';
import { FAULT, READY, RESULTS, STRIDE } from '../../../runtime/wire/messages.ts';

/** How one call ended, as the parent is told. */
export interface Told {
  readonly id: number;
  readonly micros: number;
  /** One of `Code`: how it travelled. */
  readonly code: number;
  readonly outcome: Outcome;
}

/** What one frame says: ready, how calls ended, or what ended the worker. */
export type Said = 'ready' | { readonly fault: unknown } | readonly Told[];

/** The file, for one test. */
export interface Pipe {
  readonly fd: number;
  /** All frames so far, in order. */
  said(): Said[];
  /** The ids of the calls in each frame so far. */
  ids(): number[][];
  /** The calls of all frames so far. */
  told(): Told[];
  /** The value of the only call that was told of. */
  value(): unknown;
  /** What the only call that was told of threw. */
  error(): unknown;
}

/** Opens a pipe, and closes it with the test. */
export function openPipe(): Pipe {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-pipe-'));
  const path = join(folder, 'results');
  const fd = openSync(path, 'w');
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  const said = (): Said[] => {
    const frames: Said[] = [];
    const reader = new FrameReader((frame) => frames.push(read(frame)));
    reader.push(readFileSync(path));
    if (!reader.atBoundary) throw new Error('What the worker wrote ends within a frame.');
    return frames;
  };
  const told = (): Told[] => said().flatMap((frame) => (Array.isArray(frame) ? (frame as Told[]) : []));
  const only = (): Outcome => {
    const all = told();
    if (all.length !== 1) throw new Error(`The worker told of ${all.length} calls and not of one.`);
    return all[0]!.outcome;
  };
  return {
    fd,
    said,
    told,
    ids: () => said().map((frame) => (Array.isArray(frame) ? (frame as Told[]).map(({ id }) => id) : [])),
    value() {
      const outcome = only();
      if (outcome.kind !== 'result') throw new Error('The call failed.', { cause: outcome });
      return outcome.value;
    },
    error() {
      const outcome = only();
      if (outcome.kind !== 'exception') throw new Error('The call did not fail.');
      return outcome.error;
    },
  };
}

function read({ kind, payload, segments }: Frame): Said {
  if (kind === READY) return 'ready';
  if (kind === FAULT) return { fault: decodeFault(payload, segments) };
  if (kind !== RESULTS) throw new Error(`A worker says no '${kind}'.`);
  const entries = payload as readonly JsonValue[];
  const told: Told[] = [];
  for (let at = 0; at < entries.length; at += STRIDE) {
    const [id, micros, code, value] = entries.slice(at, at + STRIDE) as [number, number, number, JsonValue];
    told.push({ id, micros, code, outcome: decodeOutcome(code, value, segments) });
  }
  return told;
}
