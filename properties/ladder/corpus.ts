/**
 * L12: every counterexample ever found, replayed; and the digest of the reachable graph, which a change must
 * acknowledge.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { explore, replayRun } from '../explorer.ts';
import type { Move, Scope } from '../moves.ts';
import { mutants } from '../mutants.ts';
import type { Rung } from './rung.ts';

/** One entry of `test/corpus/`: a run, in words, so that it outlives whatever found it. */
export interface CorpusEntry {
  readonly id: string;
  readonly found: string;
  readonly scope: Scope;
  readonly run: readonly Move[];
  /** The promise that it broke then. */
  readonly violated: string;
  /** The automatic mutant in which it breaks it still, where there is one. */
  readonly mutant?: string;
  readonly note: string;
}

/** The scope whose graph is digested. */
export const DIGESTED: Scope = { workers: 2, tasks: 2, kills: 1, wishes: 1 };

/** Reads the entries of a corpus. */
export function readCorpus(folder: URL): CorpusEntry[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'digest.json')
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CorpusEntry);
}

/** L12. */
export const corpus: Rung = {
  id: 'L12',
  what: 'every counterexample ever found replays without harm; the reachable graph is the one acknowledged',
  floor: 'all entries pass; the digest is equal',
  doesNotShow: 'bugs that nobody has found yet',
  climb: () => {
    const folder = new URL('../../../test/corpus/', import.meta.url);
    const notes: string[] = [];
    const entries = readCorpus(folder);
    for (const { id, scope, run, mutant, violated } of entries) {
      const now = replayRun(scope, run);
      if (now) notes.push(`${id} breaks ${now.invariant.id} again: ${now.why}`);
      if (mutant === undefined) continue;
      const charts = mutants().find((it) => it.id === mutant)?.charts;
      const then = charts && replayRun(scope, run, charts);
      if (then?.invariant.id !== violated) notes.push(`${id}: ${mutant} no longer breaks ${violated} in this run`);
    }
    const known = JSON.parse(readFileSync(new URL('digest.json', folder), 'utf8')) as {
      digest: string;
      states: number;
    };
    const { digest, states } = explore(DIGESTED);
    if (digest !== known.digest)
      notes.push(
        `the graph has changed: ${states} states, digest ${digest}, where ${known.states} and ${known.digest} were ` +
          'acknowledged; if that is meant, write the new ones into test/corpus/digest.json',
      );
    const number = `${entries.length} entries, digest ${digest}`;
    return { number, isMet: notes.length === 0 && entries.length > 0, notes, data: { digest, states } };
  },
};
