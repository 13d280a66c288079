/**
 * Pools that are closed, and workers that do not listen.
 */
import type { Crash } from '../row.ts';

export const stops: readonly Crash[] = [
  {
    letter: '(g)',
    what: 'closed with two running and four queued calls; closed twice',
    ours: 'drained, cancelled or failed, as was asked; new calls are refused at once; every close resolves, in whatever order',
    tinypool: 'all rejected; **a call during `destroy()` is accepted and leaves a worker**; twice: both resolve',
    workerpool: 'all rejected; a call during `terminate()` **hangs**; twice: **the first never resolves**',
    jestWorker: '`end()` resolves, **all six hang**; twice: the second rejects',
    poolifier: '`destroy()` resolves, **all six hang**; queue: drains for 2 s, then hang; twice: the second rejects',
    workerFarm: 'waits for all six, cannot be forced; a later call never answers; twice: both **hang**',
  },
  {
    letter: '(m)',
    what: 'an endless loop, and then a forced stop',
    ours: 'ended; the call fails, `terminateWorkers()` and `killWorkers()` resolve when the process is reaped',
    tinypool: 'ended in 13 ms, the call is rejected',
    workerpool: 'ended in 1 s, the call is rejected',
    jestWorker: 'ended in 0.5 s, call and queue **hang**',
    poolifier: '`destroy()` **hangs, the process lives on** at full load',
    workerFarm: '`end` **hangs, the process lives on**',
  },
  {
    letter: '(y)',
    what: 'the same with a handler for SIGTERM in the worker',
    ours: 'SIGKILL after `killGrace`; the handler has that long to tidy up; `killWorkers()` grants none',
    tinypool: 'SIGKILL after 1 s',
    workerpool: '`terminate` **hangs, the process lives on**',
    jestWorker: 'SIGKILL, the call hangs',
    poolifier: '**hangs, the process lives on**',
    workerFarm: '**hangs, the process lives on**',
  },
  {
    letter: '(z)',
    what: 'an idle pool that nobody closes: does the program end?',
    ours: 'yes, with code 0, and leaves no process',
    tinypool: 'yes',
    workerpool: 'no',
    jestWorker: 'no',
    poolifier: 'no',
    workerFarm: 'no',
  },
  {
    letter: '(timer)',
    what: 'a time limit on a busy loop',
    ours: 'the wait ends in time, the call goes on, the next one is right; to end the call is to end the pool',
    tinypool: '–',
    workerpool: 'rejected in time; the next call waits 2.4 s',
    jestWorker: '–',
    poolifier: '–',
    workerFarm: 'kills the worker, one call',
  },
  {
    letter: '(+)',
    what: 'not probed at the peers: SIGSTOP, garbage on our pipes, closed descriptors, EMFILE, a heap that is full, many calls',
    ours: 'right results or a break that says why; nothing hangs, nothing is left',
    tinypool: '–',
    workerpool: '–',
    jestWorker: '–',
    poolifier: '–',
    workerFarm: '–',
  },
];
