/** What the reader is left with at the end. */
import { relative } from 'node:path';
import type { CheckResult } from './check.ts';
import type { WalkTotals } from './files.ts';
import { count, counted, duration, printable, size, throughput } from './format.ts';
import type { Tally } from './tally.ts';

/** Milliseconds of the sample below which a ratio would be noise. */
const TOO_LITTLE = 50;

/** Everything a summary is made of; `elapsed` in milliseconds from the first submission to the last result. */
export interface Run {
  readonly directory: string;
  readonly workers: number;
  readonly elapsed: number;
  readonly tally: Tally;
  readonly totals: WalkTotals;
}

/** The summary of a run that came to its end. */
export function summary(run: Run, checked: CheckResult): string {
  return [...totalsOf(run), ...speedUpOf(run, checked), ...verdictOf(checked), '', ...slowestOf(run)].join('\n');
}

/** The summary of a run that did not. */
export function shortSummary(run: Run): string {
  const { tally, totals } = run;
  return [
    row('Done', `${count(tally.files)} of ${counted(totals.files, 'file')} found, ${size(tally.bytes)}`),
    row(
      'Not done',
      `${count(totals.files - tally.files)}, of which ${count(tally.cancelled)} were queued and cancelled`,
    ),
    row('Time', duration(run.elapsed)),
  ].join('\n');
}

/** One line for each file or directory that could not be read, as many as were kept. */
export function unreadableLines({ tally, directory }: Run): string[] {
  const lines = tally.unreadable.map(
    ({ path, reason }) => `  unreadable: ${shown(directory, path)}: ${printable(reason)}`,
  );
  const more = tally.unreadableCount - tally.unreadable.length;
  return more > 0 ? [...lines, `  unreadable: and ${count(more)} more`] : lines;
}

function totalsOf({ tally, totals, elapsed, workers }: Run): string[] {
  const saved = tally.bytes === 0 ? '' : ` (${((100 * tally.brotliBytes) / tally.bytes).toFixed(1)} %)`;
  const skipped = `${counted(totals.symlinks, 'link')} and ${counted(totals.others, 'special file')} skipped`;
  const rate = `${throughput(tally.bytes, elapsed)}, ${count(Math.round((tally.files * 1e3) / Math.max(elapsed, 1)))} files/s`;
  return [
    row('Files', `${count(tally.files)}, ${size(tally.bytes)}; ${count(tally.unreadableCount)} unreadable; ${skipped}`),
    row('Brotli', `${size(tally.brotliBytes)}${saved} at quality 5`),
    row('Time', `${duration(elapsed)} with ${counted(workers, 'worker')}: ${rate}`),
    row('Fingerprint', tally.fingerprint),
  ];
}

/**
 * One process would have needed what the workers needed for all files, times the ratio between here and there that the
 * sample shows. Walking the tree and starting the workers count for the pool alone.
 */
function speedUpOf({ tally, elapsed }: Run, { files, bytes, here, inWorkers }: CheckResult): string[] {
  if (here.alone < TOO_LITTLE) return [row('Speed-up', 'too little work to tell')];
  const ratio = here.alone / inWorkers.alone;
  const alone = tally.effort.alone * ratio;
  const sample = `${counted(files, 'file')} (${size(bytes)}) took ${ratio.toFixed(2)} of the workers' time here`;
  return [
    row('One process', `${duration(alone)} of processor time, extrapolated: ${sample}`),
    row('Speed-up', `${(alone / elapsed).toFixed(2)}, estimated from that`),
  ];
}

function verdictOf({ files, bytes, brotliBytes, mismatches, changed }: CheckResult): string[] {
  const left = changed === 0 ? '' : `; ${counted(changed, 'file')} changed meanwhile and could not be compared`;
  if (mismatches.length === 0) {
    const sums = `${size(bytes)}, brotli ${size(brotliBytes)}`;
    return [row('Check', `${counted(files, 'file')} (${sums}) measured again in one process: all agree${left}`)];
  }
  return [
    row('Check', `FAILED: ${count(mismatches.length)} of ${counted(files, 'file')} differ in one process${left}`),
    ...mismatches.slice(0, 10).map((path) => `  differs: ${printable(path)}`),
  ];
}

function slowestOf({ tally, directory }: Run): string[] {
  if (tally.slowest.length === 0) return [];
  const rows = tally.slowest.map(({ path, report }) => {
    const figures = [duration(report.wall), size(report.bytes), throughput(report.bytes, report.wall)];
    return `${figures.map((figure) => figure.padStart(12)).join('')}   ${shown(directory, path)}`;
  });
  return ['Slowest files', ...rows];
}

function shown(directory: string, path: string): string {
  return printable(relative(directory, path) || path);
}

function row(name: string, text: string): string {
  return `${name.padEnd(13)}${text}`;
}
