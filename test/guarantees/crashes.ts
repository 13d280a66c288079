/**
 * The crash table in order.
 */
import type { Crash } from './row.ts';
import { deaths } from './rows/deaths.ts';
import { stops } from './rows/stops.ts';
import { values } from './rows/values.ts';

export const crashes: readonly Crash[] = [...deaths, ...values, ...stops];
