/**
 * Packed worlds by number: a set that gives each new member the next index, a few dozen bytes each.
 *
 * Rows lie one behind the other in one buffer; an open-addressing table of indices finds them again.
 */

/** A growing set of rows of bytes. */
export class StateStore {
  #bytes = new Uint8Array(1 << 20);
  #starts = new Float64Array(1 << 14);
  #slots = new Int32Array(1 << 16).fill(-1);
  #hashes = new Int32Array(1 << 14);
  #size = 0;

  /** How many rows there are. */
  get size(): number {
    return this.#size;
  }

  /** The buffer that holds all rows; another one after an {@link StateStore.add}. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where a row begins in {@link StateStore.bytes}. */
  startOf(index: number): number {
    return this.#starts[index] as number;
  }

  /** A copy of a row. */
  row(index: number): Uint8Array {
    return this.#bytes.slice(this.#starts[index], this.#starts[index + 1]);
  }

  /** How much memory the rows and the table take. */
  get memory(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#slots.byteLength + this.#hashes.byteLength;
  }

  /** The index of the row that is equal to the first `length` bytes of `row`; it is new if that was the size before. */
  add(row: Uint8Array, length: number): number {
    const hash = hashOf(row, length);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0) break;
      if (this.#hashes[index] === hash && this.#equals(index, row, length)) return index;
      slot = (slot + 1) & mask;
    }
    return this.#append(row, length, hash, slot);
  }

  #append(row: Uint8Array, length: number, hash: number, slot: number): number {
    const index = this.#size++;
    const start = this.#starts[index] as number;
    if (start + length > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(this.#bytes.length * 2));
    if (index + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, new Float64Array(this.#starts.length * 2));
      this.#hashes = grown(this.#hashes, new Int32Array(this.#hashes.length * 2));
    }
    for (let i = 0; i < length; i++) this.#bytes[start + i] = row[i] as number;
    this.#starts[index + 1] = start + length;
    this.#hashes[index] = hash;
    this.#slots[slot] = index;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #equals(index: number, row: Uint8Array, length: number): boolean {
    const start = this.#starts[index] as number;
    if ((this.#starts[index + 1] as number) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== row[i]) return false;
    return true;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#size; index++) {
      let slot = (this.#hashes[index] as number) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.#slots = slots;
  }
}

function grown<T extends Uint8Array | Float64Array | Int32Array>(old: T, next: T): T {
  next.set(old);
  return next;
}

/** FNV-1a, and a last mix since the table looks at the low bits. */
function hashOf(row: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (row[i] as number), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) | 0;
}
