/** What a report of Stryker comes to, once the mutants that change nothing are set apart. */

const NAMES = {
  Killed: 'killed',
  Timeout: 'timeout',
  Survived: 'survived',
  NoCoverage: 'noCoverage',
  // A mutant that ends the process of the tests, or cannot be built; in no score, as with Stryker.
  RuntimeError: 'errors',
  CompileError: 'errors',
};
const none = () => ({ killed: 0, timeout: 0, survived: 0, noCoverage: 0, equivalent: 0, errors: 0 });

/** Without differences in how a mutant is laid out. @param {string} text */
const flat = (text) => text.replace(/\s+/g, ' ').trim();

/** The code at a place. */
function cut(lines, { start, end }) {
  const inside = lines.slice(start.line - 1, end.line);
  inside.push(inside.pop().slice(0, end.column - 1));
  inside[0] = inside[0].slice(start.column - 1);
  return inside.join('\n');
}

/**
 * @param {Record<string, { source: string, mutants: object[] }>} files of a report
 * @param {{ file: string, line: string, from: string, to: string, why: string }[]} equivalent the line of the source on
 *   which the mutant begins, the code that it replaces, and what it puts there
 */
export function judge(files, equivalent) {
  const perFile = {};
  const survivors = [];
  const met = new Set();
  const killed = new Set();
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const lines = source.split('\n');
    const counts = none();
    for (const { status, location, mutatorName, replacement = '' } of mutants) {
      if (status === 'Ignored') continue;
      const { line } = location.start;
      const from = flat(cut(lines, location));
      const to = flat(replacement);
      const text = flat(lines[line - 1]);
      const known = equivalent.find((it) => it.file === file && it.line === text && it.from === from && it.to === to);
      const lives = status === 'Survived' || status === 'NoCoverage';
      if (known) (lives ? met : killed).add(known);
      counts[lives && known ? 'equivalent' : NAMES[status]] += 1;
      if (!lives || known) continue;
      survivors.push({ file, line, mutator: mutatorName, from, to, isCovered: status === 'Survived' });
    }
    perFile[file] = { mutants: mutants.length, ...counts, score: scoreOf(counts) };
  }
  const complaints = equivalent
    .filter((it) => it.file in files && !met.has(it))
    .map((it) => {
      const what = killed.has(it) ? 'is killed' : 'is no mutant any more';
      return `equivalent.json: '${it.from}' -> '${it.to}' in ${it.file} ${what}: take it out.`;
    });
  return { perFile, survivors, complaints };
}

/** Sums, and their score. @param {Record<string, Record<string, number> | null>} perFile null: not judged yet */
export function total(perFile) {
  const sum = { mutants: 0, ...none() };
  for (const counts of Object.values(perFile)) for (const key of Object.keys(sum)) sum[key] += counts?.[key] ?? 0;
  return { ...sum, score: scoreOf(sum) };
}

/** In per cent, with one digit, and never rounded up to what it is not. */
function scoreOf({ killed, timeout, survived, noCoverage }) {
  const judged = killed + timeout + survived + noCoverage;
  return judged === 0 ? 100 : Math.floor((1000 * (killed + timeout)) / judged) / 10;
}
