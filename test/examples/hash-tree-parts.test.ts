import { mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tasksFrom } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { check } from '../../examples/hash-tree/check.ts';
import { parseCommandLine, UsageError } from '../../examples/hash-tree/command-line.ts';
import { Effort } from '../../examples/hash-tree/effort.ts';
import { biggestFirst, type FoundFile, WalkTotals, walk } from '../../examples/hash-tree/files.ts';
import { duration, printable, size, wrapped } from '../../examples/hash-tree/format.ts';
import { describeProgress, Progress, type ProgressState } from '../../examples/hash-tree/progress.ts';
import { submitAll } from '../../examples/hash-tree/submit-all.ts';
import { summary } from '../../examples/hash-tree/summary.ts';
import { Tally } from '../../examples/hash-tree/tally.ts';
import { measureFile } from '../../examples/hash-tree/tasks.ts';
import { scratch } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';
import { expectedOf, smallTree } from './trees.ts';

const tasks = tasksFrom<typeof import('../../examples/hash-tree/tasks.ts')>(
  new URL('../../dist/examples/hash-tree/tasks.js', import.meta.url),
);

async function* each<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('walk', () => {
  const options = () => {
    const totals = new WalkTotals();
    const unreadable: string[] = [];
    const onUnreadable = (path: string, error: Error) => unreadable.push(`${path}: ${error.message}`);
    return { totals, unreadable, onUnreadable, signal: new AbortController().signal };
  };

  it('finds every file with its size, and counts what it passes over', async () => {
    const { root, files } = smallTree();
    symlinkSync('a', join(root, 'link'));
    const seen = options();
    const found = await collect(walk(root, seen));
    expect(found.map(({ path }) => relative(root, path)).sort()).toEqual([...files].sort());
    expect(found.every((file) => file.size === statSync(file.path).size)).toBe(true);
    expect(seen.totals).toMatchObject({ files: files.length, symlinks: 1, others: 0, finished: true });
  });

  it('reports a directory that cannot be opened and ends', async () => {
    const seen = options();
    expect(await collect(walk(join(scratch(), 'vanished'), seen))).toEqual([]);
    expect(seen.unreadable).toEqual([expect.stringMatching(/vanished: ENOENT/)]);
  });

  it('ends early when it is told to, and does not pretend to have seen all', async () => {
    const { root } = smallTree();
    const seen = options();
    const controller = new AbortController();
    let files = 0;
    for await (const _ of walk(root, { ...seen, signal: controller.signal })) {
      files += 1;
      controller.abort();
    }
    expect({ files, finished: seen.totals.finished }).toEqual({ files: 1, finished: false });
  });
});

describe('biggestFirst', () => {
  const file = (bytes: number): FoundFile => ({ path: String(bytes), size: bytes });
  const scrambled = Array.from({ length: 500 }, (_, i) => (i * 7919) % 503);

  it('sorts whatever fits into its window', async () => {
    const sorted = await collect(biggestFirst(each(scrambled.map(file)), 500));
    expect(sorted.map((found) => found.size)).toEqual([...scrambled].sort((a, b) => b - a));
  });

  it('holds no more than its window, and loses no file', async () => {
    let pulled = 0;
    async function* source() {
      for (const bytes of scrambled) {
        pulled += 1;
        yield file(bytes);
      }
    }
    const handedOut: number[] = [];
    for await (const found of biggestFirst(source(), 10)) {
      handedOut.push(found.size);
      expect(pulled - handedOut.length).toBeLessThanOrEqual(10);
    }
    expect(handedOut.sort((a, b) => a - b)).toEqual([...scrambled].sort((a, b) => a - b));
  });
});

describe('measureFile', () => {
  it('says the same of a file in pieces as of one in a whole', async () => {
    const path = join(scratch(), 'large');
    writeFileSync(path, Buffer.alloc(9_000_000, 'abc, def; '));
    const expected = expectedOf(join(path, '..'), ['large']);
    const report = await measureFile(path);
    expect(report).toMatchObject({ bytes: expected.bytes, pid: process.pid });
    const tally = new Tally(join(path, '..'));
    tally.add({ path, size: report.bytes }, report);
    expect(tally.fingerprint).toBe(expected.fingerprint);
    expect(report.brotliBytes).toBeGreaterThan(0);
    expect(report.brotliBytes).toBeLessThan(report.bytes / 100);
  });

  it.each<[string, (path: string) => void, string]>([
    ['a file that has vanished', () => {}, 'ENOENT'],
    ['a link in the place of a file', (path: string) => symlinkSync(process.execPath, path), 'ELOOP'],
    ['a directory in the place of a file', (path: string) => mkdirSync(path), 'No longer a regular file'],
  ])('refuses %s', async (_, prepare, reason) => {
    const path = join(scratch(), 'it');
    prepare(path);
    await expect(measureFile(path)).rejects.toThrow(reason);
  });
});

describe('submitAll', () => {
  it('keeps few futures at a time, and a file that fails stops no other', async () => {
    const { root, files } = smallTree();
    const paths = [...files.map((file) => join(root, file)), join(root, 'vanished')];
    const pool = newPool({ maxWorkers: 2 });
    const settled = new Map<string, unknown>();
    let mostUnsettled = 0;
    async function* source() {
      for (const [taken, path] of paths.entries()) {
        mostUnsettled = Math.max(mostUnsettled, taken - settled.size);
        yield { path, size: 0 };
      }
    }
    await submitAll(pool, tasks.measureFile, source(), {
      maxInFlight: 3,
      signal: new AbortController().signal,
      onSettled: (file, future) => settled.set(file.path, future.exceptionNow() ?? future.resultNow()),
    });
    await pool.shutdown();
    expect([...settled.keys()].sort()).toEqual([...paths].sort());
    // Three in flight and the one that waits for a place.
    expect(mostUnsettled).toBeLessThanOrEqual(4);
    const failures = [...settled.values()].filter((outcome) => outcome instanceof Error);
    expect(failures).toEqual([expect.objectContaining({ code: 'ENOENT', path: join(root, 'vanished') })]);
  });

  it('submits nothing more once it is told to stop', async () => {
    const { root, files } = smallTree();
    const pool = newPool({ maxWorkers: 1 });
    const controller = new AbortController();
    let settled = 0;
    await submitAll(pool, tasks.measureFile, each(files.map((file) => ({ path: join(root, file), size: 0 }))), {
      maxInFlight: 1,
      signal: controller.signal,
      onSettled: () => {
        settled += 1;
        controller.abort();
      },
    });
    await pool.shutdown();
    expect(settled).toBe(1);
  });
});

describe('check', () => {
  const signal = new AbortController().signal;

  async function measured() {
    const path = join(scratch(), 'file');
    writeFileSync(path, 'content');
    return { path, report: await measureFile(path) };
  }

  it('agrees with what is right and names what is not', async () => {
    const right = await measured();
    const { path, report } = await measured();
    const wrong = { path, report: { ...report, brotliBytes: report.brotliBytes + 1 } };
    expect(await check([right, wrong], signal)).toMatchObject({ files: 2, mismatches: [path], changed: 0 });
  });

  it('does not judge a file that has changed since', async () => {
    const { path, report } = await measured();
    writeFileSync(path, 'other content');
    utimesSync(path, 1, 1);
    expect(await check([{ path, report }], signal)).toMatchObject({ files: 0, mismatches: [], changed: 1 });
  });
});

describe('Effort', () => {
  it('believes the lower of clock and processor', () => {
    const report = { bytes: 1, brotliBytes: 1, sha256: '', modified: 0, pid: 1 };
    const effort = new Effort();
    effort.add({ ...report, wall: 10, cpu: 4 });
    expect(effort.alone).toBe(4);
    effort.add({ ...report, wall: 1, cpu: 30 });
    expect(effort).toMatchObject({ wall: 11, cpu: 34, alone: 11 });
  });
});

describe('the summary', () => {
  const effort = (milliseconds: number) => Object.assign(new Effort(), { wall: milliseconds, cpu: milliseconds });
  const report = { bytes: 2e6, brotliBytes: 1e6, sha256: '', modified: 0, wall: 2_000, cpu: 2_000, pid: 1 };
  const run = () => {
    const tally = new Tally('/root');
    tally.add({ path: '/tree/a file', size: 2e6 }, report);
    return { directory: '/root', workers: 2, elapsed: 1_000, tally, totals: new WalkTotals() };
  };
  const checked = {
    files: 1,
    bytes: 2e6,
    brotliBytes: 1e6,
    here: effort(300),
    inWorkers: effort(400),
    mismatches: [],
    changed: 0,
  };

  it('extrapolates from the sample, and says so', () => {
    const text = summary(run(), checked);
    expect(text).toMatch(/One process +1\.5 s of processor time, extrapolated: 1 file .* 0\.75 of the workers' time/);
    expect(text).toMatch(/Speed-up +1\.50, estimated/);
    expect(text).toMatch(/Check +1 file .*all agree$/m);
  });

  it('does not hide a difference', () => {
    const text = summary(run(), { ...checked, mismatches: ['/tree/a file'], changed: 2 });
    expect(text).toMatch(/Check +FAILED: 1 of 1 file differ.*2 files changed meanwhile/);
    expect(text).not.toContain('agree');
    expect(text).toContain('differs: /tree/a file');
  });
});

describe('Tally', () => {
  it('keeps a sample of bounded size, however many files there are', () => {
    const tally = new Tally('/root');
    const report = { brotliBytes: 1, sha256: '', modified: 0, wall: 1, cpu: 1, pid: 1 };
    for (let i = 0; i < 5_000; i += 1) tally.add({ path: `/tree/${i}`, size: i }, { ...report, bytes: i });
    expect(tally.sample.length).toBeGreaterThanOrEqual(128);
    expect(tally.sample.length).toBeLessThanOrEqual(136);
    expect(new Set(tally.sample.map(({ path }) => path)).size).toBe(tally.sample.length);
    expect(tally.sample.map(({ path }) => path)).toContain('/tree/4999');
    expect(tally.slowest.length).toBe(5);
  });
});

describe('the progress bar', () => {
  const state: ProgressState = {
    filesDone: 25,
    bytesDone: 25e6,
    filesFound: 100,
    bytesFound: 100e6,
    allFound: true,
    spent: 2_000,
    busyWorkers: 2,
    workers: 2,
  };

  function screen(isTTY: boolean, columns = 80) {
    const written: string[] = [];
    const stream = { isTTY, columns, write: (text: string) => written.push(text) };
    return { written, progress: new Progress(stream as unknown as NodeJS.WriteStream, () => state) };
  }

  it('reckons with what the workers needed so far, also while a large file is not done', () => {
    // 2 s of work for a quarter of the bytes: 8 s for all, 4 s on two workers, of which one is over.
    expect(describeProgress(state, 1_000)).toContain('ETA 3.0 s');
    expect(describeProgress({ ...state, workers: 1 }, 1_000)).toContain('ETA 7.0 s');
    expect(describeProgress(state, 9_000)).toContain('75 files left');
    expect(describeProgress({ ...state, filesDone: 99 }, 9_000)).toContain('1 file left');
    expect(describeProgress({ ...state, bytesDone: 0 }, 1_000)).toContain('ETA ?');
    expect(describeProgress({ ...state, allFound: false }, 1_000)).toContain('still looking');
  });

  it('says 0 % until something is found, and 100 % of a tree that holds nothing', () => {
    const nothing = { ...state, filesDone: 0, bytesDone: 0, filesFound: 0, bytesFound: 0 };
    expect(describeProgress({ ...nothing, allFound: false }, 100)).toMatch(/^ {2}0 % {2}still looking/);
    expect(describeProgress(nothing, 100)).toMatch(/^100 %/);
  });

  it('redraws one line on a terminal, never wider than the terminal', () => {
    const { written, progress } = screen(true, 60);
    progress.start();
    progress.note('A message.');
    progress.stop();
    expect(written.at(-1)).toBe('\n');
    const lines = written.filter((text) => text.includes('█'));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      expect(line).toMatch(/^\r█████░{15} {2}25 % {2}ETA /);
      expect(line.length).toBeLessThanOrEqual('\r'.length + 59 + '\x1b[K'.length);
    }
    expect(written.join('')).toContain('\r\x1b[KA message.\n');
  });

  it('elsewhere writes plain lines, the first of them with the first file', () => {
    const { written, progress } = screen(false);
    progress.start();
    expect(written).toEqual([]);
    progress.firstFileDone();
    progress.firstFileDone();
    progress.stop();
    expect(written.length).toBe(2);
    for (const line of written) expect(line).toMatch(/^ {3}25 % {2}ETA .* 2\/2 busy {2}25\/100 files .*\n$/);
  });
});

describe('words and numbers', () => {
  it('sizes and durations are short', () => {
    expect([0, 999, 1_000, 99.7e6, 1.26e9].map(size)).toEqual(['0 B', '999 B', '1.0 kB', '99.7 MB', '1.3 GB']);
    expect([3.6, 1_500, 320_000].map(duration)).toEqual(['4 ms', '1.5 s', '5 min 20 s']);
  });

  it('long texts are broken between words', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('incomprehensible', 7)).toEqual(['incomprehensible']);
  });

  it('a path cannot talk to the terminal', () => {
    expect(printable('a\nb\x1b[2Jc')).toBe('a\\x0ab\\x1b[2Jc');
  });

  it('the command line has defaults, and refuses what it does not know', () => {
    expect(parseCommandLine([], '/default')).toMatchObject({ directory: '/default', kill: false, help: false });
    expect(parseCommandLine(['here', '--workers', '7', '--kill'], '/default')).toEqual({
      directory: 'here',
      workers: 7,
      kill: true,
      help: false,
    });
    expect(() => parseCommandLine(['--workers', '-1'], '/')).toThrow(UsageError);
  });
});
