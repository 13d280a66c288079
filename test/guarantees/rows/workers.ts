/**
 * What is promised of workers, and of what happens when one is lost.
 */
import type { Promised } from '../row.ts';

export const ofWorkers: readonly Promised[] = [
  {
    number: 15,
    sentence:
      'There are never more workers than allowed, those not reaped yet included; none is born once the end began.',
    properties: ['I15'],
    tests: [
      ['conformance/process-pool', 'test_saturation:'],
      ['conformance/process-pool-max-tasks', 'test_force_shutdown_during_max_tasks_worker_exit:'],
    ],
  },
  {
    number: 16,
    sentence: 'No worker is started while one is idle, and one that died or retired is not taken for idle.',
    since: '3.14.7 (gh-115634)',
    properties: ['I16', 'P14'],
    tests: [
      ['conformance/process-pool', 'test_idle_process_reuse_one:'],
      ['conformance/process-pool', 'test_idle_process_reuse_multiple:'],
    ],
  },
  {
    number: 17,
    sentence:
      'The initializer has ended in a worker before its first call; when it fails, that worker runs nothing and the pool breaks.',
    properties: ['I17'],
    tests: [
      ['conformance/init', 'InitializerMixin.test_initializer:'],
      ['conformance/init', 'FailingInitializerMixin.test_initializer:'],
    ],
  },
  {
    number: 18,
    sentence:
      'A worker runs at most `maxTasksPerChild` calls, its last result is read, and it is replaced if work may be left.',
    properties: ['I18', 'I14'],
    tests: [
      ['conformance/process-pool-max-tasks', 'test_max_tasks_per_child:'],
      ['contract/child-process', 'replaces a worker after so many calls, whose results are all read'],
    ],
  },
  {
    number: 19,
    sentence: 'Whether a worker is replaced hangs on nothing that somebody else may clear meanwhile.',
    since: '3.14.7 (gh-119592)',
    properties: ['I14', 'I20', 'I46'],
    tests: [
      ['conformance/process-pool-max-tasks', 'test_gc_during_max_tasks_worker_exit_gh152967:'],
      ['conformance/process-pool-max-tasks', 'test_shutdown_no_wait_max_tasks_gh119592:'],
    ],
  },
  {
    number: 20,
    sentence: 'Every worker is watched, from its birth on.',
    brokenBy: ['O1'],
    properties: ['I20', 'P2'],
    tests: [['conformance/open-bugs-processes', 'O1:']],
  },
  {
    number: 21,
    sentence: 'A death that nobody asked for is acted on in bounded time, also when nothing else happens.',
    brokenBy: ['O1'],
    properties: ['I21', 'I22', 'P12'],
    tests: [
      ['conformance/open-bugs-processes', 'O1:'],
      ['crash/c-idle-worker', '(c) a worker killed while idle breaks the pool'],
      ['crash/descriptors', '(+) the death of the worker is noticed within a bound'],
    ],
  },
  {
    number: 22,
    sentence: 'When the parent dies, its workers end.',
    brokenBy: ['O15'],
    tests: [
      ['conformance/open-bugs-processes', 'O15:'],
      ['crash/k-parents', '(k) the parent is SIGKILLed'],
    ],
  },
  {
    number: 23,
    sentence:
      'A break goes in order: closed to `submit`, futures failed, workers signalled, reaped. No future waits for a process.',
    properties: ['I23'],
    tests: [
      ['runtime/driver', 'when a pool breaks, every future has failed and submit is closed'],
      ['runtime/driver', 'futures are published before any process is signalled'],
    ],
  },
  {
    number: 24,
    sentence:
      'A break fails every open future, each with an error of its own; those that are cancelled already stop nobody.',
    since: '3.12 (gh-107219, gh-101267)',
    properties: ['I24'],
    tests: [['conformance/process-pool', 'test_broken_process_pool_traceback:']],
  },
  {
    number: 25,
    sentence: 'A result that was received in full before a death was judged counts.',
    properties: ['I25', 'I22'],
    tests: [
      ['crash/b-exit', '(b) a result that was written before the next call exits still arrives'],
      ['contract/child-process', 'what a killed worker has written is read'],
    ],
  },
  {
    number: 26,
    sentence: 'Arguments, a result or an error that cannot cross concern their own call only.',
    brokenBy: ['O13', 'O6'],
    properties: ['I26'],
    tests: [
      ['conformance/open-bugs', 'O13:'],
      ['conformance/open-bugs', 'O6:'],
      ['mutants/demanded', 'arguments that the worker cannot build again'],
    ],
  },
  {
    number: 27,
    sentence:
      'A break ends although a worker ignores what it is politely asked, and `submit` throws promptly meanwhile.',
    brokenBy: ['O4'],
    properties: ['P2', 'P7', 'P8', 'P11'],
    tests: [
      ['conformance/open-bugs-processes', 'O4:'],
      ['crash/g-close', '(y) when another worker dies'],
    ],
  },
  {
    number: 28,
    sentence: 'What is broken stays broken.',
    properties: ['I28'],
    tests: [['crash/a-killed-worker', '(a) a callback of a future that the death failed may submit and shut down']],
  },
  {
    number: 29,
    sentence:
      'The error names the cause: how each dead worker ended, what its initializer threw, what could not be read.',
    brokenBy: ['O19'],
    properties: ['I29'],
    tests: [
      ['conformance/open-bugs-processes', 'O19:'],
      ['conformance/process-pool', 'test_traceback_when_child_process_terminates_abruptly:'],
    ],
  },
];
