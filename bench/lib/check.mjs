/** A target, and whether this run met it. */

/**
 * @typedef {{ what: string, value: number, unit: string, limit: number, atLeast: boolean, ok: boolean }} Check
 */

/** @param {string} what @param {number} value @param {number} limit @param {string} [unit] @returns {Check} */
export function atMost(what, value, limit, unit = 'x') {
  return { what, value, unit, limit, atLeast: false, ok: value <= limit };
}

/** @param {string} what @param {number} value @param {number} limit @param {string} [unit] @returns {Check} */
export function atLeast(what, value, limit, unit = 'x') {
  return { what, value, unit, limit, atLeast: true, ok: value >= limit };
}

/** The fastest side of a kind, or `undefined`. @param {Record<string, import('./alternate.mjs').Measured>} measured */
export function fastest(measured, kind) {
  const sides = Object.entries(measured).filter(([, side]) => side.kind === kind);
  if (sides.length === 0) return undefined;
  const [name, side] = sides.reduce((best, it) => (it[1].median < best[1].median ? it : best));
  return { name, ...side };
}
