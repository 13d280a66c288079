/**
 * Process warnings: each one fails the test in which it arrives, unless that test said `expectWarning(pattern)`; and an
 * expected warning that does not arrive fails it too. `leaks.ts` wires this up for every test file.
 */

let unexpected: Error[] = [];
let expected: { readonly pattern: RegExp; seen: boolean }[] = [];

/**
 * Says that this test provokes a process warning, once or several times, whose `Name: message` matches `pattern`.
 * To be called before the warning is provoked.
 */
export function expectWarning(pattern: RegExp): void {
  expected.push({ pattern, seen: false });
}

/** The listener for `process.on('warning')`. */
export function noteWarning(warning: Error): void {
  const text = `${warning.name}: ${warning.message}`;
  const matching = expected.filter(({ pattern }) => pattern.test(text));
  for (const one of matching) one.seen = true;
  if (matching.length === 0) unexpected.push(warning);
}

/** Whether a warning that was announced is still to come. */
export function awaitsWarning(): boolean {
  return expected.some(({ seen }) => !seen);
}

/** Ends the account of one test: the sentences that it has to fail with, none if all is well. */
export function settleWarnings(): string[] {
  const complaints = [
    ...unexpected.map(
      (warning) =>
        `a process warning that the test did not announce:\n${warning.stack ?? String(warning)}\n` +
        'Remove its cause, or call expectWarning(pattern) if the test is about this warning.',
    ),
    ...expected
      .filter(({ seen }) => !seen)
      .map(({ pattern }) => `no process warning matched ${pattern}, though expectWarning announced one.`),
  ];
  unexpected = [];
  expected = [];
  return complaints;
}
