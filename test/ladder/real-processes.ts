/**
 * L7: real processes, as `npm run chaos` has left them on record.
 */
import { fileURLToPath } from 'node:url';
import { grouped, type Rung } from '../../properties/ladder/rung.ts';
import { onRecord } from './on-record.ts';

/** What counts here of the report that chaos writes. */
export interface ChaosRecord {
  readonly episodes: number;
  readonly seed: string;
  readonly eventsValidated: number;
  readonly mismatches: number;
  readonly orphans: number;
  readonly histories: number;
  readonly badHistories: number;
  readonly failures: readonly { readonly problems: readonly { readonly check: string; readonly text: string }[] }[];
  readonly missingWitnesses: readonly string[];
  readonly ok: boolean;
}

const EPISODES = 200;

/**
 * L7.
 *
 * @param record where `npm run chaos -- --json` has written
 */
export function realProcesses(record: URL): Rung {
  return onRecord<ChaosRecord>({
    id: 'L7',
    what:
      'random lives of pools on real processes: submit, cancel, SIGKILL, SIGSTOP, exit, abort, heap exhaustion, endless ' +
      'loops, huge payloads, closed pipes, shutdowns; each trace taken again by `step` and judged, each history too (L8)',
    floor: `${EPISODES} episodes or more, 0 failures, 0 mismatches, 0 orphans, 0 bad histories, every witness seen`,
    doesNotShow: 'other systems than Linux; machines that run out of everything',
    command: ['run', 'chaos', '--', '--episodes', '1000', '--json', fileURLToPath(record)],
    record,
    judge: ({ episodes, seed, eventsValidated, mismatches, orphans, histories, badHistories, ...rest }) => ({
      number:
        `${grouped(episodes)} episodes (seed ${seed}), ${grouped(eventsValidated)} events validated, ` +
        `${mismatches} mismatches, ${orphans} orphans, ${grouped(histories)} histories, ${badHistories} bad`,
      isMet: rest.ok && episodes >= EPISODES && mismatches + orphans + badHistories === 0 && eventsValidated > 0,
      notes: [
        ...rest.failures.flatMap(({ problems }) => problems.map(({ check, text }) => `${check}: ${text}`)),
        ...rest.missingWitnesses.map((name) => `never seen: ${name}`),
      ],
    }),
  });
}
