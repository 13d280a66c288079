/**
 * L12: every counterexample ever found, replayed; and the digests of reachable graphs, which a change must acknowledge.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Charts } from '../../machines/index.ts';
import { explore } from '../explorer.ts';
import type { Move, Scope } from '../moves.ts';
import { mutants } from '../mutants.ts';
import { breachIn } from '../replay.ts';
import { scopeInWords } from './exploration.ts';
import { chartsOf, type Rung } from './rung.ts';

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

/** What a change must acknowledge: which entries there are, and what the reachable graphs are. */
interface Acknowledged {
  /** Those of the mutant catalogue are compared by its own test. */
  readonly entries: readonly string[];
  readonly graphs: readonly { readonly scope: Scope; readonly states: number; readonly digest: string }[];
}

const ACKNOWLEDGED = 'digest.json';
/** The shortest runs of the mutant catalogue, written by its runner. */
const CATALOGUE = 'catalogue.json';

/** Reads the entries of a corpus: one a file, and those of the mutant catalogue. */
export function readCorpus(folder: URL): { own: CorpusEntry[]; catalogue: CorpusEntry[] } {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const own = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== ACKNOWLEDGED && name !== CATALOGUE)
    .map((name) => read(name) as CorpusEntry);
  return { own, catalogue: read(CATALOGUE) as CorpusEntry[] };
}

/** Why an entry does not pass, if it does not. Every move of it must be possible, now as then. */
export function troubleWith({ id, scope, run, mutant, violated }: CorpusEntry, charts?: Charts): string | undefined {
  try {
    const now = breachIn(scope, run, charts);
    if (now) return `${id} breaks ${now.invariant.id} again: ${now.why}`;
    if (mutant === undefined) return undefined;
    const planted = mutants().find((it) => it.id === mutant);
    if (!planted) return `${id}: there is no mutant '${mutant}' any more`;
    const then = breachIn(scope, run, planted.charts);
    return then?.invariant.id === violated ? undefined : `${id}: ${mutant} no longer breaks ${violated} in this run`;
  } catch (error) {
    return `${id} cannot be replayed: ${(error as Error).message}`;
  }
}

/** L12, on the corpus in that folder. */
export function corpusIn(folder: URL): Rung {
  return {
    id: 'L12',
    what: 'every counterexample ever found replays without harm; the reachable graphs are the ones acknowledged',
    floor: 'all entries that were acknowledged are there and pass; the digests are equal',
    doesNotShow: 'bugs that nobody has found yet',
    climb: (setting) => {
      const charts = chartsOf(setting);
      const known = JSON.parse(readFileSync(new URL(ACKNOWLEDGED, folder), 'utf8')) as Acknowledged;
      const { own, catalogue } = readCorpus(folder);
      const notes = [...own, ...catalogue].flatMap((entry) => troubleWith(entry, charts) ?? []);
      const [is, was] = [own.map(({ id }) => id), known.entries];
      for (const id of was.filter((it) => !is.includes(it))) notes.push(`${id} was acknowledged and is not there`);
      for (const id of is.filter((it) => !was.includes(it))) notes.push(`${id} is new: add it to ${ACKNOWLEDGED}`);
      const graphs = known.graphs.map(({ scope, states, digest }) => {
        const now = explore(scope, charts ? { charts } : {});
        if (now.digest !== digest)
          notes.push(
            `the graph of ${scopeInWords(scope)} has changed: ${now.states} states, digest ${now.digest}, where ` +
              `${states} and ${digest} were acknowledged; if that is meant, write the new ones into ${ACKNOWLEDGED}`,
          );
        return { scope, states: now.states, digest: now.digest };
      });
      const digests = graphs.map(({ digest }) => digest).join(', ');
      const number = `${own.length} entries, ${catalogue.length} of the catalogue, digests ${digests}`;
      const isMet = notes.length === 0 && own.length > 0 && catalogue.length > 0 && graphs.length > 0;
      return { number, isMet, notes, data: { graphs } };
    },
  };
}
