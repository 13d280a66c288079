/** The table on the terminal. */

/** A number with three figures that count. @param {number} value */
export function figure(value) {
  if (!Number.isFinite(value)) return '-';
  if (value !== 0 && Math.abs(value) < 1) return value.toPrecision(2);
  if (Math.abs(value) < 100) return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
  return Math.round(value).toLocaleString('en-US');
}

/** @param {string} unit @param {number} value */
export function withUnit(value, unit) {
  return unit === 'x' ? `${figure(value)}x` : `${figure(value)} ${unit}`;
}

/** @param {import('./check.mjs').Check} check */
export function target({ limit, unit, atLeast }) {
  return `${atLeast ? '>=' : '<='} ${unit === 'x' ? `${limit}x` : `${limit} ${unit}`}`;
}

/** Lines for one row. @param {import('../run.mjs').Row} row */
export function lines(row) {
  const out = [`\n${row.title}${row.unit ? ` (${row.unit})` : ''}`];
  const names = Object.keys(row.sides);
  const width = Math.max(0, ...names.map((name) => name.length));
  for (const name of names) {
    const { median, min, spread, rounds } = row.sides[name];
    out.push(
      `  ${name.padEnd(width)}  median ${figure(median).padStart(8)}  min ${figure(min).padStart(8)}` +
        `  spread ${`${Math.round(spread * 100)} %`.padStart(6)}  ${rounds} rounds`,
    );
  }
  for (const note of row.notes ?? []) out.push(`  ${note}`);
  for (const check of row.checks) {
    const { what, value, unit, ok } = check;
    out.push(`  ${ok ? 'ok  ' : 'MISS'}  ${what}: ${withUnit(value, unit)}, target ${target(check)}`);
  }
  return out.join('\n');
}
