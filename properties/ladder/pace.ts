/**
 * The pace of a machine: a floor of speed in seconds alone fails where a neighbour is busy, and says nothing of the
 * code.
 *
 * So a yardstick of bare loops is run between the rounds of what is measured, and a machine that is slow at the one is
 * forgiven as much of the other. A fast machine is asked for no more than the floor.
 */

/** Objects, a list and a map entry each: the diet of everything that is measured here. */
const TURNS = 50_000;
/** Seconds of a processor that so many turns take where floors of speed were written: two cores, nobody else there. */
const YARDSTICK = 0.0025;

/** A speed that was measured beside the yardstick. */
export interface Speed {
  /** Per second of this machine's processor, median of the rounds. */
  readonly here: number;
  /** What the reference machine would make of it; never less than `here`. */
  readonly atPace: number;
  /** How much slower than the reference this machine was, median of the rounds. */
  readonly slowness: number;
}

/**
 * Measures rounds of something with the yardstick between them; the first round only warms up.
 *
 * @param count - how many things a round does
 */
export function measureSpeed(rounds: number, count: number, round: () => void): Speed {
  const here: number[] = [];
  const atPace: number[] = [];
  const slow: number[] = [];
  yardstick();
  round();
  for (let done = 0; done < rounds; done++) {
    const before = processorSeconds(yardstick);
    const speed = count / processorSeconds(round);
    const slowness = (before + processorSeconds(yardstick)) / 2 / YARDSTICK;
    here.push(speed);
    slow.push(slowness);
    atPace.push(speed * Math.max(1, slowness));
  }
  return { here: median(here), atPace: median(atPace), slowness: median(slow) };
}

/** In words: how the machine compares, where that has mattered. */
export function paceInWords({ slowness }: Speed): string {
  return slowness <= 1
    ? 'the machine is as fast as the one for which the floor was written'
    : `bare loops take ${slowness.toFixed(2)} times as long here as where the floor was written; that much is forgiven`;
}

function processorSeconds(action: () => unknown): number {
  const { user, system } = process.cpuUsage();
  action();
  const now = process.cpuUsage();
  return (now.user - user + now.system - system) / 1e6;
}

function yardstick(): number {
  const map = new Map<number, { readonly id: number; readonly list: number[]; next: object | undefined }>();
  let sum = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const entry = { id: turn, list: [turn, turn + 1], next: undefined };
    map.set(turn & 1023, entry);
    const other = map.get((turn * 7) & 1023);
    if (!other) continue;
    other.next = entry;
    sum += other.list.length + other.id;
  }
  return sum;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}
