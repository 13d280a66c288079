/**
 * Runs that bring about thousands of the same process warning on purpose.
 */

/** Runs `action`, to its end if it is asynchronous, and keeps back warnings of this code; others pass. */
export function withoutWarnings<T>(code: string, action: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((...args: Parameters<typeof emitWarning>) => {
    const [, options] = args as readonly unknown[] as readonly [unknown, { readonly code?: string } | undefined];
    if (options?.code !== code) emitWarning.apply(process, args);
  }) as typeof emitWarning;
  const restore = (): void => {
    process.emitWarning = emitWarning;
  };
  let returned: T | undefined;
  try {
    returned = action();
    return returned instanceof Promise ? (returned.finally(restore) as T) : returned;
  } finally {
    if (!(returned instanceof Promise)) restore();
  }
}
