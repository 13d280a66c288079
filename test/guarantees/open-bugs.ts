/**
 * Bugs that are open in the newest CPython, 3.16 in development. Those without an issue were found by running it, on 3.9
 * to 3.16 unless a version is named.
 */
import type { OpenBug } from './row.ts';

export const openBugs: Readonly<Record<string, OpenBug>> = {
  O1: {
    what: 'since 3.11.6 and 3.12.1 submit wakes the manager before the new process is registered: if that process dies and nothing else happens, its future hangs',
    issues: [105829, 121719],
  },
  O2: {
    what: 'a shutdown that cancels leaves futures cancelled and nobody notified: wait() and as_completed() block for ever',
    issues: [136655, 87893, 109934, 92001],
  },
  O3: { what: 'since 3.12.1 submit in a done callback deadlocks while the pool breaks', issues: [] },
  O4: { what: 'since 3.12.1 a worker that ignores SIGTERM makes every submit block while the pool breaks', issues: [] },
  O5: { what: 'a slow failing serialisation and a shutdown that cancels: the shutdown hangs', issues: [116685] },
  O6: { what: 'SystemExit while arguments are serialised: this future and all later ones stay open', issues: [] },
  O7: { what: 'a callback that throws past Exception ends the manager: the pool is silent for ever', issues: [] },
  O8: { what: 'a worker killed in the middle of a large result, while another one lives: a hang', issues: [] },
  O9: { what: 'a spawn fails: submit raises, and the call runs later', issues: [124706] },
  O10: { what: 'of two shutdowns the later one loses the wish to cancel, or does not wait', issues: [] },
  O11: { what: 'several shutdowns at once: EBADF', issues: [] },
  O12: { what: 'shutdown(wait=True) in a done callback raises and leaves things behind', issues: [131598] },
  O13: { what: 'an error or value that cannot be rebuilt in the parent breaks the whole pool', issues: [80041, 75880] },
  O14: {
    what: 'Ctrl-C reaches the workers, too, and they take the next calls before the parent can cancel',
    issues: [125886],
  },
  O15: { what: 'the parent is killed: its workers live on', issues: [111873] },
  O16: { what: 'the fork context deadlocks where there are threads', issues: [105464] },
  O19: { what: 'a failed initializer and an exit code of 0 leave an error without a cause', issues: [] },
  O20: { what: 'a retiring worker that does not end stalls the futures of others', issues: [] },
  O22: {
    what: 'the end of the program always waits for all work, and nobody can choose otherwise',
    issues: [148280, 80961, 86575],
  },
  O23: { what: 'map leaves a ring of references when an item fails', issues: [131701] },
  O24: { what: 'the exit hook posts wake-ups without the lock', issues: [84176] },
  O26: { what: 'nothing bounds the arguments that wait in memory; freezes on macOS', issues: [86411, 78349] },
  O28: { what: 'by design 2n + 1 calls are RUNNING before they run, and can no longer be cancelled' },
};
