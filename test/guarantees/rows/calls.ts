/**
 * What is promised of futures, and of calls on their way.
 */
import type { Promised } from '../row.ts';

export const ofCalls: readonly Promised[] = [
  {
    number: 1,
    sentence: 'A future ends at most once; then neither its state nor its value changes.',
    since: '3.8 (bpo-33238)',
    properties: ['I1', 'I1b'],
    tests: [
      ['conformance/future', 'test_multiple_set_result:'],
      ['conformance/future', 'test_multiple_set_exception:'],
    ],
  },
  {
    number: 2,
    sentence:
      '`cancel()` answers true exactly when the future is pending or cancelled already, and moves it from PENDING only.',
    properties: ['I2'],
    tests: [['conformance/future', 'test_cancel:']],
  },
  {
    number: 3,
    sentence: 'When `cancel()` has answered true, the function never starts, in no worker.',
    properties: ['I3'],
    tests: [
      ['contract/child-process', 'is true for a call that has not started'],
      ['contract/simulated', 'is true for a call that has not started'],
    ],
  },
  {
    number: 4,
    sentence:
      'A callback runs once, when the end can be read, in the order of registration; at once on a future that is done; one that throws disturbs nobody.',
    brokenBy: ['O7'],
    tests: [
      ['conformance/future', 'test_done_callback_with_result:'],
      ['conformance/future', 'test_done_callback_already_successful:'],
      ['conformance/future', 'test_done_callback_raises:'],
      ['conformance/open-bugs', 'O7:'],
    ],
  },
  {
    number: 5,
    sentence: 'Whoever waits for a set of futures is released when they are done, whatever made them so.',
    brokenBy: ['O2'],
    properties: ['I5', 'I5b'],
    tests: [
      ['conformance/open-bugs', 'O2:'],
      ['conformance/wait', 'differs from CPython: wait() returns for futures that shutdown() has cancelled'],
    ],
  },
  {
    number: 6,
    sentence: 'A future that is waited for twice counts once, and a wait that ends leaves nothing registered.',
    since: '3.11 (bpo-20369)',
    tests: [
      ['conformance/wait', 'test_20369:'],
      ['conformance/as-completed', 'test_duplicate_futures:'],
      ['mutants/demanded', 'two waits for one future are both told'],
      ['mutants/demanded', 'an asCompleted() that is left early can be collected'],
    ],
  },
  {
    number: 7,
    sentence: 'When a call is done, the pool refers to neither its function, its arguments nor what it came to.',
    dentedBy: ['O23'],
    properties: ['I7'],
    tests: [
      ['crash/volume', '(+) its arguments'],
      ['crash/volume', '(+) its result and itself'],
      ['crash/volume', '(+) its error'],
      ['crash/volume', '(+) its task'],
      ['conformance/process-pool', 'test_ressources_gced_in_workers:'],
      ['conformance/open-bugs', 'O23:'],
    ],
  },
  {
    number: 8,
    sentence: 'Calls are handed out in the order of `submit`.',
    properties: ['I8'],
    tests: [['contract/child-process', 'starts in the order of submit']],
  },
  {
    number: 9,
    sentence: 'A call goes to at most one worker, at most once.',
    properties: ['I9'],
    tests: [['crash/a-killed-worker', '(i) 10,000 calls']],
  },
  {
    number: 10,
    sentence: '`submit` gives a future that is open, or throws and leaves no trace of the call.',
    brokenBy: ['O9'],
    properties: ['I10'],
    tests: [['conformance/open-bugs-processes', 'O9:']],
  },
  {
    number: 11,
    sentence: 'A `submit` falls before or after a shutdown or a break, never between; broken is said before shut down.',
    properties: ['I11'],
    tests: [
      ['runtime/driver', 'a command inside a callback steps at once'],
      ['conformance/shutdown', 'test_submit_after_interpreter_shutdown:'],
    ],
  },
  {
    number: 12,
    sentence:
      'What was handed out and has not ended is bounded, and nothing that was handed out is said to be cancellable.',
    dentedBy: ['O28'],
    properties: ['I12'],
    tests: [
      ['conformance/open-bugs', 'O28:'],
      ['conformance/executor-differences', 'differs from CPython: calls sent ahead of time'],
    ],
  },
  {
    number: 13,
    sentence: 'A slot that was taken for a call which never reaches a worker is given back.',
    since: '3.7 (bpo-33078)',
    properties: ['I13', 'P4b'],
    tests: [['crash/d-values', '(e) uncopyable and good arguments in one burst']],
  },
  {
    number: 14,
    sentence: 'A call at the head of the queue is handed out at last when there is room for it.',
    properties: ['I14', 'I14b', 'I46'],
    tests: [['conformance/process-pool-max-tasks', 'test_max_tasks_per_child_pending_tasks_gh115634']],
  },
];
