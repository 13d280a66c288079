/** Small trees to hash, and what must come out of them by another way of computing it. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { scratch } from '../helpers/gate.ts';

/** Files of several sizes in several directories, the empty file among them; returns the root and the relative paths. */
export function smallTree(): { root: string; files: string[] } {
  const root = scratch();
  const files: string[] = [];
  for (const directory of ['', 'a', join('a', 'b')]) {
    mkdirSync(join(root, directory), { recursive: true });
    for (const [index, size] of [0, 1, 1000, 70_000].entries()) {
      const path = join(directory, `file ${index}`);
      writeFileSync(join(root, path), text(size, path));
      files.push(path);
    }
  }
  return { root, files };
}

/** `count` names for one file: much to do, little to store. */
export function busyTree(count: number): string {
  const root = scratch();
  writeFileSync(join(root, '0'), text(1_500_000, 'busy'));
  for (let i = 1; i < count; i += 1) linkSync(join(root, '0'), join(root, String(i)));
  return root;
}

/** A tree with a file that keeps its worker busy for longer than any test waits, and a small one. */
export function endlessTree(): string {
  const root = scratch();
  const fd = openSync(join(root, 'endless'), 'w');
  ftruncateSync(fd, 2 ** 38);
  closeSync(fd);
  writeFileSync(join(root, 'small'), 'small');
  return root;
}

/** Sums over the files, computed here, without the example's code. */
export function expectedOf(root: string, files: readonly string[]) {
  let bytes = 0;
  let brotliBytes = 0;
  let fingerprint = 0n;
  for (const file of files) {
    const content = readFileSync(join(root, file));
    bytes += statSync(join(root, file)).size;
    brotliBytes += brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }).length;
    const digest = createHash('sha256').update(content).digest('hex');
    fingerprint += BigInt(`0x${createHash('sha256').update(`${file}\0${digest}`).digest('hex')}`);
  }
  return { bytes, brotliBytes, fingerprint: (fingerprint % 2n ** 256n).toString(16).padStart(64, '0') };
}

/** Text that compresses as sources do: words in an order that a small generator makes up from `seed`. */
function text(size: number, seed: string): string {
  const words = ['future', 'worker', 'result', 'cancel', 'submit', 'shutdown', 'process', 'executor', '\n', '{ }'];
  let state = [...seed].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
  const parts: string[] = [];
  for (let length = 0; length < size; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = `${words[state % words.length]}${state % 97} `;
    parts.push(word);
    length += word.length;
  }
  return parts.join('').slice(0, size);
}
