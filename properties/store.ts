/**
 * Packed worlds by number: a set that gives each new member the next index, a few dozen bytes each.
 *
 * Rows lie one behind the other in one buffer; an open-addressing table finds them again. It has the hash of a row
 * beside its number: what does not fit is passed over without a look at the row, which is a cache miss away.
 */

/** A growing set of rows of bytes. */
export class StateStore {
  #bytes = new Uint8Array(1 << 20);
  #starts = new Float64Array(1 << 14);
  /** Number and hash of a row, in turns. */
  #slots = new Int32Array(1 << 17).fill(-1);
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
    return this.#bytes.byteLength + this.#starts.byteLength + this.#slots.byteLength;
  }

  /** The index of the row that is equal to the first `length` bytes of `row`; it is new if that was the size before. */
  add(row: Uint8Array, length: number): number {
    const hash = hashOf(row, length);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (;;) {
      const index = slots[slot] as number;
      if (index < 0) break;
      if (slots[slot + 1] === hash && this.#equals(index, row, length)) return index;
      slot = (slot + 2) & mask;
    }
    return this.#append(row, length, hash, slot);
  }

  #append(row: Uint8Array, length: number, hash: number, slot: number): number {
    const index = this.#size++;
    const start = this.#starts[index] as number;
    if (start + length > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(this.#bytes.length * 2));
    if (index + 2 > this.#starts.length) this.#starts = grown(this.#starts, new Float64Array(this.#starts.length * 2));
    for (let i = 0; i < length; i++) this.#bytes[start + i] = row[i] as number;
    this.#starts[index + 1] = start + length;
    this.#slots[slot] = index;
    this.#slots[slot + 1] = hash;
    if (this.#size * 4 > this.#slots.length) this.#rehash();
    return index;
  }

  #equals(index: number, row: Uint8Array, length: number): boolean {
    const start = this.#starts[index] as number;
    if ((this.#starts[index + 1] as number) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== row[i]) return false;
    return true;
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if ((old[at] as number) < 0) continue;
      const hash = old[at + 1] as number;
      let slot = (hash << 1) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 2) & mask;
      slots[slot] = old[at] as number;
      slots[slot + 1] = hash;
    }
    this.#slots = slots;
  }
}

function grown<T extends Uint8Array | Float64Array>(old: T, next: T): T {
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
