/** The functions that are called, for every pool that loads ES modules. */

/** @param {number} x */
export function inc(x) {
  return x + 1;
}

/** @template T @param {T} value */
export function echo(value) {
  return value;
}

/** @param {Uint8Array} bytes */
export function lengthOf(bytes) {
  return bytes.byteLength;
}

/** @param {number} length */
export function bytes(length) {
  return Buffer.alloc(length, 1);
}

export function pid() {
  return process.pid;
}

/** @param {string} text */
export function fail(text) {
  throw new Error(text);
}

/** What this process keeps, in bytes: what is left of heap and buffers after a collection. Needs `--expose-gc`. */
export function kept() {
  // Twice: the memory of a buffer is given back after its object.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Blocks, as computing would, but leaves the processor to others: two cores have to do for everybody. */
export function block(ms) {
  Atomics.wait(clock, 0, 0, ms);
}

/**
 * Takes that long, and says when, in nanoseconds of the clock that all processes of a machine share.
 *
 * @param {number} micros
 */
export function busy(micros) {
  const began = process.hrtime.bigint();
  if (micros >= 1000) block(micros / 1000);
  else while (process.hrtime.bigint() - began < micros * 1000);
  return [process.pid, Number(began), Number(process.hrtime.bigint())];
}

/** The same under two names, so that a pool may tell them apart. */
export const short = (/** @type {number} */ micros) => busy(micros);
export const long = (/** @type {number} */ micros) => busy(micros);
