/**
 * What is promised of the end of an executor, and of its inside.
 */
import type { Promised } from '../row.ts';

export const ofEnds: readonly Promised[] = [
  {
    number: 30,
    sentence: 'Shutdowns add up: wait if any waits, cancel if any cancels; no later one weakens an earlier one.',
    brokenBy: ['O10'],
    properties: ['I30', 'I30b'],
    tests: [
      ['conformance/open-bugs', 'O10:'],
      ['conformance/shutdown', 'differs from CPython: shutdown requests add up'],
    ],
  },
  {
    number: 31,
    sentence:
      'When a shutdown that waits has returned, all futures are done, all workers reaped, no descriptor, thread or timer is left; for every caller.',
    brokenBy: ['O10', 'O11'],
    properties: ['I31', 'P11'],
    tests: [
      ['conformance/open-bugs', 'O11:'],
      ['conformance/shutdown', 'test_processes_terminate:'],
      ['mutants/demanded', 'the pipes of a dead worker are closed'],
    ],
  },
  {
    number: 32,
    sentence: 'A shutdown that does not wait never blocks, and takes nothing from what was accepted.',
    since: '3.9 (bpo-39104), with a limit of tasks 3.14.7',
    properties: ['I32'],
    tests: [['conformance/shutdown', 'test_shutdown_no_wait:']],
  },
  {
    number: 33,
    sentence:
      'A shutdown that cancels ends every pending future, and those who wait for it are told; what runs is finished.',
    brokenBy: ['O2', 'O10'],
    properties: ['I33', 'I5b'],
    tests: [
      ['conformance/shutdown', 'test_cancel_futures:'],
      ['conformance/open-bugs', 'O2:'],
    ],
  },
  {
    number: 34,
    sentence:
      'Workers are asked to leave only when nothing is pending, and asking never blocks on one that does not read.',
    properties: ['I34'],
    tests: [['mutants/demanded', 'a large call that its worker does not read']],
  },
  {
    number: 35,
    sentence: 'A shutdown ends when every running call ends or its worker dies.',
    brokenBy: ['O5'],
    properties: ['I35', 'I46'],
    tests: [
      ['conformance/open-bugs', 'O5:'],
      ['conformance/shutdown', 'test_hang_gh94440:'],
    ],
  },
  {
    number: 36,
    sentence: 'A done callback may call `submit` and `shutdown`.',
    brokenBy: ['O3', 'O12'],
    tests: [
      ['conformance/open-bugs-processes', 'O3:'],
      ['conformance/open-bugs', 'O12:'],
      ['contract/simulated', 'may submit, cancel and shut down'],
    ],
  },
  {
    number: 37,
    sentence:
      'After a stop by force no queued call starts and no worker is born; open futures end cancelled or broken.',
    dentedBy: ['O14'],
    properties: ['I37', 'I15', 'P10'],
    tests: [['conformance/process-pool-force', 'test_force_shutdown_workers (']],
  },
  {
    number: 38,
    sentence: 'An executor that nobody can reach finishes what it accepted, then frees everything.',
    since: '3.14.7 (gh-152967), where it may fail the rest instead',
    properties: ['I32', 'I46'],
    tests: [
      ['crash/volume', '(+) is collected while its calls run'],
      ['conformance/shutdown', 'test_del_shutdown:'],
    ],
  },
  {
    number: 39,
    sentence: 'A program that ends with live executors finishes their calls, and then really ends.',
    dentedBy: ['O22'],
    properties: ['P3'],
    tests: [
      ['crash/k-parents', '(z) '],
      ['conformance/open-bugs-processes', 'O22:'],
      ['conformance/shutdown', 'test_interpreter_shutdown:'],
    ],
  },
  {
    number: 40,
    sentence:
      'State is changed first, and then whoever must act on it is woken; nothing that needs an act goes without.',
    brokenBy: ['O1'],
    cannotArise: 'nobody is woken; every event is taken from one queue, and each step ends with what follows from it',
    properties: ['I14', 'I35'],
    tests: [['runtime/driver', 'events that wait are taken first in, first out']],
  },
  {
    number: 41,
    sentence: 'A wake-up never blocks, and never fails after the end.',
    dentedBy: ['O24'],
    cannotArise: 'the queue of events is an array of this process; news after the end is counted and dropped',
    properties: ['P6'],
    tests: [
      ['runtime/driver', 'are dropped and counted'],
      ['conformance/deadlock', 'test_gh105829_should_not_deadlock_if_wakeup_pipe_full:'],
    ],
  },
  {
    number: 42,
    sentence:
      'There is one wait without a bound; to read a message, reap a process or run a callback never stops the rest.',
    brokenBy: ['O4', 'O8', 'O20'],
    properties: ['P2', 'P9'],
    tests: [
      ['conformance/open-bugs-processes', 'O8:'],
      ['conformance/open-bugs-processes', 'O20:'],
    ],
  },
  {
    number: 43,
    sentence: 'No code of the user and no wait runs while a lock is held.',
    brokenBy: ['O3', 'O4'],
    cannotArise: 'there are no locks; steps are synchronous and call nobody, effects run when they are over',
    tests: [
      ['runtime/driver', 'an event that a host reports while effects run waits until they have run'],
      ['runtime/driver', 'those of a command inside a callback run after those under way'],
      ['tidy', 'machines/ has no clock, chance, timer, promise or outside'],
    ],
  },
  {
    number: 44,
    sentence: 'Tables that are shared may grow and shrink while they are walked.',
    since: '3.9.10 (bpo-43498)',
    cannotArise: 'one thread, and a step calls nobody while it walks; observers are taken out before they are told',
    properties: ['I33'],
    tests: [
      ['tidy', 'machines/ has no clock, chance, timer, promise or outside'],
      ['mutants/demanded', 'two waits for one future are both told'],
    ],
  },
  {
    number: 45,
    sentence: 'A defect of the executor itself breaks it; it is never silence.',
    brokenBy: ['O7'],
    properties: ['I45', 'P0'],
    tests: [
      ['runtime/driver', 'in spawn breaks the pool'],
      ['runtime/driver', 'an event that the charts have as impossible is one'],
    ],
  },
  {
    number: 46,
    sentence:
      'Every accepted future ends, provided that each running call ends or its worker dies, and the system reports that.',
    dentedBy: ['O1', 'O4', 'O5', 'O6', 'O7', 'O8', 'O16', 'O26'],
    properties: ['I46'],
    tests: [
      ['runtime/simulation', 'with faults every future settles'],
      ['crash/volume', '(+) 100,000 small calls with a worker killed half-way'],
    ],
  },
];
