/** Which files there are, and in which order they are worth handing out. Memory stays bounded for a tree of any size. */
import type { Dir, Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** A regular file as it was found; `size` in bytes. */
export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

/** Counts of a walk, readable while it runs. */
export class WalkTotals {
  files = 0;
  bytes = 0;
  symlinks = 0;
  others = 0;
  finished = false;
}

/** What a walk reports to: its totals, what it could not look into, and the signal that ends it early. */
export interface WalkOptions {
  readonly totals: WalkTotals;
  readonly onUnreadable: (path: string, error: Error) => void;
  readonly signal: AbortSignal;
}

/** Every regular file below `root`, a directory entry at a time; links are not followed, what cannot be read is reported. */
export async function* walk(root: string, { totals, onUnreadable, signal }: WalkOptions): AsyncGenerator<FoundFile> {
  const directories = [root];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for await (const entry of entriesOf(directory, onUnreadable)) {
      if (signal.aborted) return;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) directories.push(path);
      else if (entry.isSymbolicLink()) totals.symlinks += 1;
      else if (entry.isFile()) {
        const size = await sizeOf(path, onUnreadable);
        if (size === undefined) continue;
        totals.files += 1;
        totals.bytes += size;
        yield { path, size };
      } else totals.others += 1;
    }
  }
  totals.finished = true;
}

async function* entriesOf(directory: string, onUnreadable: WalkOptions['onUnreadable']): AsyncGenerator<Dirent> {
  let entries: Dir;
  try {
    entries = await opendir(directory, { bufferSize: 256 });
  } catch (error) {
    onUnreadable(directory, asError(error));
    return;
  }
  // The iterator closes the directory on every way out; an error in mid-list is that of this directory alone.
  const iterator = entries[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((error: unknown) => asError(error));
      if (next instanceof Error) {
        onUnreadable(directory, next);
        return;
      }
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function sizeOf(path: string, onUnreadable: WalkOptions['onUnreadable']): Promise<number | undefined> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    onUnreadable(path, asError(error));
    return undefined;
  }
}

/**
 * The same files, the biggest of the next `window` first: a long file that starts last leaves every other worker idle
 * at the end. The window, not the tree, is what this keeps in memory.
 */
export async function* biggestFirst(files: AsyncIterable<FoundFile>, window: number): AsyncGenerator<FoundFile> {
  const heap: FoundFile[] = [];
  for await (const file of files) {
    push(heap, file);
    if (heap.length > window) yield pop(heap);
  }
  while (heap.length > 0) yield pop(heap);
}

function push(heap: FoundFile[], file: FoundFile): void {
  let hole = heap.length;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (heap[parent]!.size >= file.size) break;
    heap[hole] = heap[parent]!;
    hole = parent;
  }
  heap[hole] = file;
}

function pop(heap: FoundFile[]): FoundFile {
  const biggest = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return biggest;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child + 1 < heap.length && heap[child + 1]!.size > heap[child]!.size) child += 1;
    if (child >= heap.length || heap[child]!.size <= last.size) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = last;
  return biggest;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
