/**
 * Runs that bring about thousands of the same process warning on purpose.
 */

/** Runs `action` and keeps back warnings of this code; others pass. */
export function withoutWarnings<T>(code: string, action: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((...args: Parameters<typeof emitWarning>) => {
    const [, options] = args as readonly unknown[] as readonly [unknown, { readonly code?: string } | undefined];
    if (options?.code !== code) emitWarning.apply(process, args);
  }) as typeof emitWarning;
  try {
    return action();
  } finally {
    process.emitWarning = emitWarning;
  }
}
