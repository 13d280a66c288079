/** `npm run bench`: every target of the project, measured beside what it is a target against. */
import { writeFileSync } from 'node:fs';
import { commandLine } from './lib/command-line.mjs';
import { machine } from './lib/machine.mjs';
import { lines } from './lib/print.mjs';
import { echo, payload } from './rows/buffers.mjs';
import { curves } from './rows/curves.mjs';
import { object, tiny } from './rows/many.mjs';
import { map } from './rows/map.mjs';
import { mixed } from './rows/mixed.mjs';
import { pending } from './rows/pending.mjs';
import { roundtrip } from './rows/roundtrip.mjs';
import { first, importing, rest } from './rows/start.mjs';
import { step } from './rows/step.mjs';

/**
 * @typedef {{ rounds: number, warmUps: number, quick: boolean }} Plan
 * @typedef {{ title: string, unit: string, sides: Record<string, import('./lib/alternate.mjs').Measured>,
 *   checks: import('./lib/check.mjs').Check[], notes?: string[], curves?: object }} Row
 */

/** @type {Record<string, (plan: Plan) => Promise<Row>>} */
const ROWS = {
  tiny,
  object,
  roundtrip,
  echo,
  payload,
  map,
  first,
  pending,
  rest,
  import: importing,
  step,
  mixed,
  curves,
};

const USAGE = `npm run bench -- [options]

  --quick      three rounds in place of nine: less than two minutes
  --only NAME  this row; may be repeated
  --json FILE  write all numbers there, for npm run bench:report

  Rows: ${Object.keys(ROWS).join(', ')}`;

const { values } = commandLine(
  USAGE,
  { quick: { type: 'boolean' }, only: { type: 'string', multiple: true }, json: { type: 'string' } },
  ({ only = [] }, [extra]) => {
    if (extra !== undefined) return `What is '${extra}'? A row is chosen with --only.`;
    const unknown = only.filter((/** @type {string} */ name) => !Object.hasOwn(ROWS, name));
    return unknown.length > 0 ? `There is no row ${unknown.join(', ')}.` : undefined;
  },
);

const names = values.only ?? Object.keys(ROWS);

// Reading certificates costs each child half of its start, and only those whose pool passes the environment on.
delete process.env.NODE_EXTRA_CA_CERTS;

/** @type {Plan} */
const plan = values.quick ? { rounds: 3, warmUps: 1, quick: true } : { rounds: 9, warmUps: 2, quick: false };
const where = machine();
console.log(
  `procfutures ${where.procfutures}, Node ${where.node}, ${where.system}, ${where.cores} cores (${where.cpu})`,
);

/** @type {Record<string, Row>} */
const rows = {};
const began = performance.now();
for (const name of names) {
  const from = performance.now();
  const row = await ROWS[name](plan);
  rows[name] = row;
  console.log(`${lines(row)}\n  (${Math.round((performance.now() - from) / 1000)} s)`);
}
const checks = Object.values(rows).flatMap((row) => row.checks);
const missed = checks.filter(({ ok }) => !ok).length;
const seconds = Math.round((performance.now() - began) / 1000);
console.log(`\n${checks.length - missed} of ${checks.length} targets met, ${missed} missed; ${seconds} s.`);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine: where, plan, seconds, rows }, null, 1)}\n`);
// A pool among the peers may have left something open; nothing that is measured is still running.
process.exit(0);
