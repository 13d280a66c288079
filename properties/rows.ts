/**
 * Worlds as rows of bytes: the number of what is inside, then the outside.
 */
import type { Charts } from '../machines/index.ts';
import type { Breach } from './catalogue.ts';
import { attemptTo, type Core, Cores } from './cores.ts';
import type { Edge } from './edge.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { MoveCode, Scope } from './moves.ts';
import { Outside } from './outside.ts';
import { OutsideReader, packOutside } from './pack-outside.ts';
import { World } from './world.ts';

/** No row is longer. */
const MAX_ROW = 1024;
/** The number of what is inside takes so many bytes. */
const CORE_BYTES = 3;

/** Reads and writes the rows of one exploration, and makes moves in between. */
export class Rows {
  readonly scope: Scope;
  readonly charts: Charts;
  readonly cores: Cores;
  /** What was written last. */
  readonly row = new Uint8Array(MAX_ROW);
  /** What was read last, where nothing has happened to it since. */
  readonly outside: Outside;
  readonly #reader: OutsideReader;
  readonly #hashes: number[] = [];
  readonly #promises: readonly Invariant[];
  readonly #onGood: (edge: Edge) => void;

  constructor(scope: Scope, charts: Charts, promises: readonly Invariant[], onGood: (edge: Edge) => void) {
    this.scope = scope;
    this.charts = charts;
    this.cores = new Cores(scope, charts, promises, onGood);
    this.outside = new Outside(scope);
    this.#reader = new OutsideReader(this.outside);
    this.#promises = promises;
    this.#onGood = onGood;
  }

  /** Reads a row, and returns its inside. */
  read(bytes: Uint8Array, start: number): Core {
    const core = this.cores.at(idAt(bytes, start));
    this.#reader.read(bytes, start + CORE_BYTES, core.held);
    return core;
  }

  /** Lets one thing happen to what was read, and returns how long the row is that it has become. */
  move(core: Core, code: MoveCode): number | Breach {
    const told = this.outside.happen(code);
    if (told === undefined) return this.#write(core, core.order, core.held);
    const { target, demands, order, held, breach } = this.cores.step(core, told);
    if (breach) return breach;
    for (let i = 0; i < demands.length; i++) this.outside.perform(demands[i] as (typeof demands)[number]);
    return this.#write(target, order, held);
  }

  /** The same, by a step of its own: nothing is looked up. */
  moveAnew(core: Core, code: MoveCode): number | Breach {
    const world = this.world(core);
    const edge = attemptTo(() => world.happen(code), this.#promises);
    if (edge && 'invariant' in edge) return edge;
    if (edge) {
      this.#onGood(edge);
      world.settle(edge);
    }
    return this.writeWorld(world);
  }

  /** What was read, as a world that can go on by itself. */
  world(core: Core): World {
    const world = new World(this.scope, this.charts);
    Object.assign(world, this.cores.unpack(core));
    world.outside.purse = [...this.outside.purse];
    world.outside.procs = this.outside.procs.map((proc) => ({
      ...proc,
      calls: [...proc.calls],
      unread: [...proc.unread],
    }));
    return world;
  }

  /** Writes a world. */
  readonly writeWorld = (world: World): number => {
    const { core, order, held } = this.cores.intern(world);
    return this.#write(core, order, held, world.outside);
  };

  /** A number for a row, the same in whatever order insides were met. */
  readonly hashAt = (bytes: Uint8Array, start: number, end: number): number => {
    const id = idAt(bytes, start);
    for (let next = this.#hashes.length; next <= id; next++) {
      const row = this.cores.rowOf(next);
      this.#hashes.push(hashOf(row, 0, row.length));
    }
    return hashOf(bytes, start + CORE_BYTES, end, this.#hashes[id]);
  };

  #write(core: Core, order: readonly number[], held: readonly (readonly number[])[], outside = this.outside): number {
    const { id, ties } = core;
    this.row[0] = id & 255;
    this.row[1] = (id >> 8) & 255;
    this.row[2] = id >> 16;
    return packOutside(outside, order, held, ties, this.row, CORE_BYTES);
  }
}

/** A number for these bytes, going on from that of others. */
function hashOf(bytes: Uint8Array, start: number, end: number, before = 0x811c9dc5): number {
  let hash = before;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The number of what is inside a row. */
export function idAt(bytes: Uint8Array, start: number): number {
  return (bytes[start] as number) | ((bytes[start + 1] as number) << 8) | ((bytes[start + 2] as number) << 16);
}
