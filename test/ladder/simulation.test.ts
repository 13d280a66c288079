/**
 * L5 and L8 in the size of a test, and whether they would notice.
 */
import { describe, expect, it } from 'vitest';
import { mutant } from '../../properties/mutants.ts';
import type { HostFactory } from '../../runtime/host.ts';
import { judgeLog } from './call-log.ts';
import { Sights } from './sights.ts';
import { simulateMany } from './simulation.ts';

describe('the runtime that ships', () => {
  it('comes to a good end in every schedule, the same each time, and interesting things did happen', async () => {
    const { failures, nondeterministic, badHistories, recorded, events, schedules, seen } = await simulateMany(1_500);
    expect([...failures, ...nondeterministic, ...badHistories]).toEqual([]);
    expect(schedules).toBe(1_500);
    expect(recorded).toBe(15);
    expect(events / schedules).toBeGreaterThanOrEqual(30);
    expect(Sights.all.filter((sight) => !seen.has(sight))).toEqual([]);
    // 5 s of work where nothing else runs.
  }, 60_000);
});

describe('a planted bug in a chart is seen', () => {
  it.each([
    ['worker busy/exited is ignored', /P2 is broken|never settles/],
    ['future PENDING/cancel loses publish', /I5 is broken|never settles/],
    ['worker terminating.termed/timerFired is impossible', /P0 is broken/],
    ['executor running/shutdown is ignored', /I30 is broken|is 'running'/],
  ])('%s', async (id, why) => {
    const { failures } = await simulateMany(400, { charts: mutant(id).charts });
    expect(failures.join('\n')).toMatch(why);
    expect(failures[0]).toMatch(/^runSchedule\(\{ seed: \d+, method: /);
  });
});

describe('a planted bug around the core is seen', () => {
  const host =
    (change: (emit: Parameters<HostFactory>[0]) => Parameters<HostFactory>[0]) =>
    (inner: HostFactory): HostFactory =>
    (emit) =>
      inner(change(emit));

  it('a host that forgets an end', async () => {
    const wrap = host((emit) => (event) => event.type !== 'channelEnded' && emit(event));
    const { failures } = await simulateMany(200, { wrap: (inner) => withoutTimers(wrap(inner)) });
    expect(failures.join('\n')).toMatch(/joined|settles|'shuttingDown'/);
  });

  it('a host whose order is a matter of chance', async () => {
    let count = 0;
    const wrap = host((emit) => (event) => {
      emit(event.type === 'spawned' ? { ...event, pid: count++ } : event);
    });
    const { nondeterministic } = await simulateMany(100, { wrap });
    expect(nondeterministic.join('\n')).toMatch(/step \d+ was .*"pid":\d+.*then .*"pid":\d+/);
  });

  it('a host that writes a call twice', async () => {
    const wrap =
      (inner: HostFactory): HostFactory =>
      (emit) => {
        const verbs = inner(emit);
        return {
          ...verbs,
          send(worker, call) {
            verbs.send(worker, call);
            verbs.send(worker, call);
          },
        };
      };
    const { failures, badHistories } = await simulateMany(100, { wrap });
    expect([...failures, ...badHistories].join('\n')).toMatch(/no order of its operations|is broken/);
  });

  /** A death that is never complete hides behind the timer that waits for it; this one has none. */
  function withoutTimers(inner: HostFactory): HostFactory {
    return (emit) => ({ ...inner(emit), timer() {} });
  }
});

describe('histories in short', () => {
  it.each(['abcCt', 'absxR', 'absyT', 'abcfsxR', 'abL', 'abG', 'abAC', 'absoOx', 'absxU'])('%s is explained', (log) => {
    expect(judgeLog(log)).toBeUndefined();
  });

  it.each(['abcCtsx', 'absxRR', 'absssxR', 'abR', 'absR', 'abcfC', 'absx', 'absyR'])('%s is not', (log) => {
    expect(judgeLog(log)).toMatch(/no order|nobody was told/);
  });
});
