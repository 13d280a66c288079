/**
 * The 46 promises in order.
 */
import type { Promised } from './row.ts';
import { ofCalls } from './rows/calls.ts';
import { ofEnds } from './rows/ends.ts';
import { ofWorkers } from './rows/workers.ts';

export const promises: readonly Promised[] = [...ofCalls, ...ofWorkers, ...ofEnds];
