/**
 * L4 in the size of a test: a whole graph on the runtime, and whether a bug on either side of the seam would show.
 */
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../properties/moves.ts';
import { mutant } from '../../properties/mutants.ts';
import type { HostFactory } from '../../runtime/host.ts';
import { runEdges } from './edges.ts';

const scope: Scope = { workers: 2, tasks: 2, kills: 1 };
const withWish: Scope = { workers: 1, tasks: 1, kills: 1, wishes: 1 };
const withFault: Scope = { workers: 1, tasks: 1, kills: 1, faults: 1 };

describe('the runtime that ships', () => {
  it.each([{ workers: 1, tasks: 2, kills: 1 }, withWish, withFault])(
    'goes every edge of %o as the explorer does',
    async (it) => {
      const { edges, run, simulated, mismatches } = await runEdges(it);
      expect(mismatches).toEqual([]);
      expect(run).toBe(edges);
      expect(simulated).toBeGreaterThan(edges / 2);
    },
  );
});

describe('a planted bug', () => {
  it.each([
    ['worker busy/exited is ignored', scope, /tellExit|killed/],
    ['future PENDING/cancel loses publish', withWish, /cancel 0: /],
    ['executor running/shutdown is ignored', withWish, /shutdown: /],
    ['worker idle/assign loses sendCall', scope, /the explorer for .*"type":"send"/],
  ])('in a chart: %s', async (id, where, why) => {
    const { mismatches } = await runEdges(where, { charts: mutant(id).charts });
    expect(mismatches.length).toBeGreaterThan(0);
    expect(mismatches.join('\n')).toMatch(why);
  });

  /** A host with one verb that does nothing. */
  const without =
    (verb: 'send' | 'end' | 'timer' | 'release') =>
    (host: HostFactory): HostFactory =>
    (emit) => ({ ...host(emit), [verb]: () => {} });

  it.each([
    ['send', scope, /cannot happen now/],
    ['end', withWish, /leave|die|killed/],
    ['timer', withFault, /timesOut' cannot happen now/],
  ] as const)("in a host whose '%s' does nothing", async (verb, where, why) => {
    expect((await runEdges(where, { wrap: without(verb) })).mismatches.join('\n')).toMatch(why);
  });

  it('in a host that tells the end of the results twice', async () => {
    const stutters =
      (host: HostFactory): HostFactory =>
      (emit) =>
        host((event) => {
          emit(event);
          if (event.type === 'channelEnded') emit(event);
        });
    expect((await runEdges(scope, { wrap: stutters })).mismatches.join('\n')).toMatch(/channelEnded, channelEnded/);
  });
});
