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

/** Runs `action`, in which errors have no stacks: where refusals come by the thousand, these cost more than all else. */
export function withoutStacks<T>(action: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return action();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
