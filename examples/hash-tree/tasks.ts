/** What runs inside a worker: an ordinary module that knows nothing of pools. */
import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { brotliCompressSync, createBrotliCompress, constants as zlib } from 'node:zlib';

/** What is known of one file when it has been read: sizes in bytes; times in milliseconds, by the clock and by the processor. */
export interface FileReport {
  readonly bytes: number;
  readonly brotliBytes: number;
  readonly sha256: string;
  readonly modified: number;
  readonly wall: number;
  readonly cpu: number;
  readonly pid: number;
}

const QUALITY = 5;

/** Larger files pass through in pieces, so that a worker needs some megabytes for a file of any size. */
const WHOLE_UP_TO = 8 * 1024 * 1024;

/** The path was a regular file when it was found: a link or a pipe in its place by now must not be followed, or waited for. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads one file and reports its size, its SHA-256 and what brotli makes of it.
 * @throws the system's error when the file cannot be opened or read.
 */
export async function measureFile(path: string): Promise<FileReport> {
  const begin = performance.now();
  const cpuBefore = process.cpuUsage();
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error(`No longer a regular file: ${path}`);
    const measured = stat.size <= WHOLE_UP_TO ? measureWhole(readFileSync(fd)) : await measurePieces(fd, stat.size);
    const { user, system } = process.cpuUsage(cpuBefore);
    const wall = performance.now() - begin;
    return { ...measured, modified: stat.mtimeMs, wall, cpu: (user + system) / 1e3, pid: process.pid };
  } finally {
    closeSync(fd);
  }
}

function measureWhole(content: Buffer): Pick<FileReport, 'bytes' | 'brotliBytes' | 'sha256'> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const compressed = brotliCompressSync(content, { params: brotliParams(content.byteLength) });
  return { bytes: content.byteLength, brotliBytes: compressed.byteLength, sha256 };
}

async function measurePieces(fd: number, size: number): Promise<Pick<FileReport, 'bytes' | 'brotliBytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  let brotliBytes = 0;
  await pipeline(
    createReadStream('', { fd, autoClose: false, highWaterMark: 1024 * 1024 }),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.byteLength;
        yield piece;
      }
    },
    createBrotliCompress({ params: brotliParams(size), chunkSize: 256 * 1024 }),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) brotliBytes += piece.byteLength;
    },
  );
  return { bytes, brotliBytes, sha256: hash.digest('hex') };
}

function brotliParams(size: number): Record<number, number> {
  return { [zlib.BROTLI_PARAM_QUALITY]: QUALITY, [zlib.BROTLI_PARAM_SIZE_HINT]: size };
}
