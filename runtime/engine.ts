/**
 * What only a pool needs that runs, and `map`: three quarters of what there is.
 *
 * Asked for when the first pool is made. In the package, what is behind it is a file of its own that is loaded then:
 * bundle-engine.mjs.
 */
import { compiledCharts } from '../machines/charts.ts';
import { childProcessHost } from './child-process/host.ts';
import { Driver } from './driver.ts';
import { mapOver } from './map.ts';
import { resolveOptions } from './options.ts';

/** What a pool is made of. */
export interface Engine {
  readonly Driver: typeof Driver;
  readonly childProcessHost: typeof childProcessHost;
  readonly compiledCharts: typeof compiledCharts;
  readonly mapOver: typeof mapOver;
  readonly resolveOptions: typeof resolveOptions;
}

/** Gets it, at once. */
export function engine(): Engine {
  return { Driver, childProcessHost, compiledCharts, mapOver, resolveOptions };
}
