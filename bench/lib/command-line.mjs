/** The command lines of the benchmarks. */
import { parseArgs } from 'node:util';

/**
 * Reads the words after a command. `--help` prints the usage and ends the process with code 0; words that are no option,
 * or that `check` says something against, end it with what is wrong, the usage and code 2.
 *
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} T
 * @param {string} usage
 * @param {T} options
 * @param {(values: any, positionals: string[]) => string | undefined} [check]
 * @returns {{ values: any, positionals: string[] }}
 */
export function commandLine(usage, options, check) {
  let parsed;
  let wrong;
  try {
    parsed = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
    if (!parsed.values.help) wrong = check?.(parsed.values, parsed.positionals);
  } catch (error) {
    wrong = error instanceof Error ? error.message : String(error);
  }
  if (wrong !== undefined) {
    console.error(`${wrong}\n\n${usage}`);
    process.exit(2);
  }
  if (parsed?.values.help) {
    console.log(usage);
    process.exit(0);
  }
  return /** @type {any} */ (parsed);
}
