/** What has been learnt so far. Everything here is a sum, a short list or a bounded sample: the tree may have any size. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { Effort } from './effort.ts';
import type { FoundFile } from './files.ts';
import type { FileReport } from './tasks.ts';

/** A file with what a worker said of it. */
export interface Measured {
  readonly path: string;
  readonly report: FileReport;
}

/** Something that could not be read, and why. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

const SLOWEST = 5;
const LISTED_UNREADABLE = 20;
const SAMPLED_AT_RANDOM = 128;
const SAMPLED_BY_SIZE = 8;
/** The largest samples are what gives the comparison its weight; above this one file would take longer than the rest. */
const LARGEST_SAMPLE = 32e6;

export class Tally {
  readonly #root: string;
  #sum = 0n;
  files = 0;
  bytes = 0;
  brotliBytes = 0;
  /** Spent in `measureFile`, all workers together. */
  readonly effort = new Effort();
  cancelled = 0;
  unreadableCount = 0;
  readonly unreadable: Unreadable[] = [];
  readonly slowest: Measured[] = [];
  readonly #atRandom: Measured[] = [];
  readonly #bySize: Measured[] = [];
  readonly workerPids = new Set<number>();

  constructor(root: string) {
    this.#root = root;
  }

  /** A file was measured. */
  add(file: FoundFile, report: FileReport): void {
    const measured = { path: file.path, report };
    this.files += 1;
    this.bytes += report.bytes;
    this.brotliBytes += report.brotliBytes;
    this.effort.add(report);
    this.workerPids.add(report.pid);
    this.#sum = BigInt.asUintN(256, this.#sum + fingerprintOf(relative(this.#root, file.path), report.sha256));
    keepGreatest(this.slowest, measured, SLOWEST, (kept) => kept.report.wall);
    if (report.bytes <= LARGEST_SAMPLE) {
      keepGreatest(this.#bySize, measured, SAMPLED_BY_SIZE, (kept) => kept.report.bytes);
    }
    // Reservoir sampling: every file has the same chance, however many are still to come.
    const place = this.#atRandom.length < SAMPLED_AT_RANDOM ? this.#atRandom.length : randomBelow(this.files);
    if (place < SAMPLED_AT_RANDOM) this.#atRandom[place] = measured;
  }

  /** A file or directory could not be read; the first few are kept by name. */
  addUnreadable(path: string, reason: string): void {
    this.unreadableCount += 1;
    if (this.unreadable.length < LISTED_UNREADABLE) this.unreadable.push({ path, reason });
  }

  /** One number for names and contents of all files together, whatever order they were measured in. */
  get fingerprint(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }

  /** Files to measure once more in one process, some at random and some of the largest; small ones first, as many more fit. */
  get sample(): Measured[] {
    const distinct = new Map([...this.#atRandom, ...this.#bySize].map((measured) => [measured.path, measured]));
    return [...distinct.values()].sort((a, b) => a.report.bytes - b.report.bytes);
  }
}

function fingerprintOf(path: string, sha256: string): bigint {
  return BigInt(`0x${createHash('sha256').update(path).update('\0').update(sha256).digest('hex')}`);
}

function keepGreatest(kept: Measured[], candidate: Measured, limit: number, by: (measured: Measured) => number): void {
  if (kept.length === limit && by(candidate) <= by(kept[limit - 1]!)) return;
  kept.push(candidate);
  kept.sort((a, b) => by(b) - by(a));
  kept.length = Math.min(kept.length, limit);
}

function randomBelow(n: number): number {
  return Math.floor(Math.random() * n);
}
