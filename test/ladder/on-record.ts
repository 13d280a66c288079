/**
 * Rungs that commands of their own climb, for as long as nobody would wait for here: they leave a record, which is
 * checked in and judged. `--deep` climbs them anew.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Outcome, Rung, Setting } from '../../properties/ladder/rung.ts';

/** A rung whose number is the record of another command. */
export interface Elsewhere<Report> extends Pick<Rung, 'id' | 'what' | 'floor' | 'doesNotShow'> {
  /** What npm runs to write the record. */
  readonly command: readonly string[];
  readonly record: URL;
  /** Judges what is on record. */
  readonly judge: (report: Report) => Omit<Outcome, 'data'>;
}

/** A rung that reads a record, and writes it first where there is time. */
export function onRecord<Report extends object>(elsewhere: Elsewhere<Report>): Rung {
  const { command, record, judge, ...rest } = elsewhere;
  return {
    ...rest,
    climb: async ({ isDeep, progress }) => {
      const code = isDeep ? await npm(command, progress) : 0;
      if (!existsSync(record)) return missing(`there is no record: npm ${command.join(' ')}`);
      const report = JSON.parse(readFileSync(record, 'utf8')) as Report;
      const { number, isMet, notes } = judge(report);
      const failure = code === 0 ? [] : [`npm ${command.join(' ')} ended with code ${code}`];
      return {
        number: isDeep ? number : `${number} (on record)`,
        isMet: isMet && code === 0,
        notes: [...notes, ...failure],
        data: { report },
      };
    },
  };
}

function missing(why: string): Outcome {
  return { number: 'never climbed', isMet: false, notes: [why], data: {} };
}

/** Runs a command of the project; each line that it says is progress. */
function npm(words: readonly string[], progress: Setting['progress']): Promise<number | string | null> {
  const child = spawn('npm', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => progress(text.trimEnd().split('\n').at(-1) ?? ''));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}
