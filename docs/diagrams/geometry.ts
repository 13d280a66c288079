/** Which shapes meet. */
import type { Box, Placed, Point } from './layout.ts';

/** Whether the second rectangle is wholly in the first. */
export function covers(outer: Box, inner: Box): boolean {
  return (
    Math.abs(outer.x - inner.x) <= (outer.width - inner.width) / 2 &&
    Math.abs(outer.y - inner.y) <= (outer.height - inner.height) / 2
  );
}

/** Whether two rectangles share a point. */
export function overlap(one: Box, other: Box): boolean {
  return (
    Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
    Math.abs(one.y - other.y) < (one.height + other.height) / 2
  );
}

/** How many labels lie on another label, or on a state. */
export function overlaps(labels: readonly Box[], states: readonly Box[]): number {
  return labels.filter((label, index) => [...labels.slice(index + 1), ...states].some((other) => overlap(label, other)))
    .length;
}

/** Whether a line, or the border of a box, runs through a rectangle. */
export function isCrossed(room: Box, { edges, boxes }: Placed): boolean {
  const borders = [...boxes.values()].some((box) => overlap(box, room) && !covers(box, room));
  return (
    borders ||
    [...edges.values()].some(({ line }) =>
      pointsOn(line).some((point) => overlap(room, { ...point, width: 0, height: 0 })),
    )
  );
}

/** Points along a chain of cubic Bézier curves, close enough that none skips a word. */
export function pointsOn(line: readonly Point[]): Point[] {
  const points: Point[] = [];
  for (let index = 0; index + 3 < line.length; index += 3) {
    const [a, b, c, d] = line.slice(index, index + 4) as [Point, Point, Point, Point];
    const length =
      Math.hypot(b.x - a.x, b.y - a.y) + Math.hypot(c.x - b.x, c.y - b.y) + Math.hypot(d.x - c.x, d.y - c.y);
    const steps = Math.max(2, Math.ceil(length / 4));
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      const at = (from: number, one: number, two: number, to: number) =>
        (1 - t) ** 3 * from + 3 * (1 - t) ** 2 * t * one + 3 * (1 - t) * t ** 2 * two + t ** 3 * to;
      points.push({ x: at(a.x, b.x, c.x, d.x), y: at(a.y, b.y, c.y, d.y) });
    }
  }
  return points;
}
