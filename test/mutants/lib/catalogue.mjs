/**
 * The entries: one file each, loaded and checked. What an entry may say is in `entry.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ENTRIES = new URL('../entries/', import.meta.url);

/** Charts are compiled to tables before they are explored. */
const CHART_FILES = /^machines\/(executor|future|worker|worker-cells|worker-lost)\.ts$/;

const RANGES = [
  ['H', 64, 2],
  ['O', 28, 1],
  ['B', 21, 1],
];
/** Root causes of other pools on npm, each named after one that has it. */
export const ROOT_CAUSES = [
  'R-poolifier-identity',
  'R-jest-worker-order',
  'R-workerpool-bookkeeping',
  'R-piscina-dispatch',
  'R-tinypool-refill',
  'R-piscina-bootstrap',
  'R-worker-farm-respawn',
  'R-gatsby-error-event',
  'R-nwtp-close',
  'R-workerpool-no-sigkill',
  'R-tinypool-json',
  'R-threads-global-state',
  'R-multiprocess-last-result',
];

/** Every bug that the catalogue has to answer for. */
export const REQUIRED = [
  ...RANGES.flatMap(([letter, count, digits]) =>
    Array.from({ length: count }, (_, at) => `${letter}${String(at + 1).padStart(digits, '0')}`),
  ),
  ...ROOT_CAUSES,
];

/** All entries in the order of their ids; `folder` is a URL that ends with a slash. */
export async function loadEntries(folder = ENTRIES) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  const entries = await Promise.all(
    names.map(async (name) => ({ ...(await import(new URL(name, folder).href)).default, name })),
  );
  return entries.sort((a, b) => order(a.id) - order(b.id) || a.id.localeCompare(b.id, 'en', { numeric: true }));
}

function order(id) {
  return 'HOBRS'.indexOf(id[0]);
}

/** What is wrong with the entries of the catalogue, in sentences. */
export function complaints(entries, root) {
  const found = [];
  for (const entry of entries) {
    const at = `entry ${entry.name}`;
    if (entry.name !== `${entry.id}.mjs`) found.push(`${at}: an entry is named after its id, which is '${entry.id}'`);
    if (!entry.origin || !entry.story) found.push(`${at}: says neither where it comes from nor what happens`);
    if (Boolean(entry.cannotExist) === Boolean(entry.patches))
      found.push(`${at}: has either patches or a reason why it cannot exist here`);
    const test = entry.cannotExist?.enforcedBy ?? entry.killedBy;
    if (test?.file !== undefined && !mentions(root, test))
      found.push(`${at}: there is no test '${test.title}' in ${test.file} (stale: name the test that does it now)`);
    if (entry.patches)
      try {
        patchedFiles(entry, root);
      } catch (error) {
        found.push(`${at}: ${error.message}`);
      }
    if (entry.killedBy?.file !== undefined && usesCharts(entry))
      found.push(`${at}: a mutant of a chart is for the explorer; tests run on tables that are checked in`);
  }
  return found;
}

/** What is missing for the catalogue to be whole, in sentences. */
export function omissions(entries) {
  const covered = entries.flatMap(bugsOf);
  const found = REQUIRED.filter((bug) => !covered.includes(bug)).map((bug) => `no entry answers for ${bug}`);
  for (const bug of covered) if (!REQUIRED.includes(bug)) found.push(`there is no bug '${bug}' in the lists`);
  const without = entries.filter(({ cannotExist }) => cannotExist).flatMap(bugsOf).length;
  if (without * 6 > REQUIRED.length)
    found.push(`${without} of ${REQUIRED.length} bugs have no mutant; one in six is the most`);
  return found;
}

/** The bugs of the lists that an entry stands for: its own id without a trailing letter, unless it says otherwise. */
export function bugsOf(entry) {
  return entry.bugs ?? [entry.id.startsWith('R-') ? entry.id : entry.id.replace(/[a-z]$/, '')];
}

/** The properties that an entry names. */
export function namedBy({ killedBy }) {
  return killedBy?.property ? [killedBy.property, ...(killedBy.also ?? [])] : [];
}

/** Whether the tables have to be compiled again. */
export function usesCharts(entry) {
  return (entry.patches ?? []).some(({ file }) => CHART_FILES.test(file));
}

/** Whether a test file, or one beside it that it imports, holds a test of that title. */
function mentions(root, { file, title }) {
  try {
    const text = readFileSync(join(root, file), 'utf8');
    const beside = [...text.matchAll(/from '(\.\/[^']+)'/g)].map(([, path]) => join(root, dirname(file), path));
    return [text, ...beside.map((path) => readFileSync(path, 'utf8'))].some((source) => hasTitle(source, title));
  } catch {
    return false;
  }
}

/** Tests of a table have `%s` in their titles, or `$name`, where the printed title has a value. */
function hasTitle(source, title) {
  if (source.replaceAll("\\'", "'").includes(title)) return true;
  const patterns = [...source.matchAll(/'([^'\n]*[%$][^'\n]*)'/g)].map(([, text]) =>
    text.replaceAll(/[.*+?^{}()|[\]\\]/g, '\\$&').replaceAll(/%[sdijo]|\$\w+/g, '.*'),
  );
  return patterns.some((pattern) => pattern.length > 8 && new RegExp(`^${pattern}$`).test(title));
}

/** The text of a file with one patch applied. @throws Error when the snippet is not there exactly once */
export function applyPatch(text, patch) {
  const why = mismatch(text, patch);
  if (why) throw new Error(why);
  return text.replace(patch.replace, () => patch.with);
}

/** The files that an entry changes, with their new text. */
export function patchedFiles(entry, root) {
  const files = new Map();
  for (const patch of entry.patches)
    files.set(patch.file, applyPatch(files.get(patch.file) ?? readFileSync(join(root, patch.file), 'utf8'), patch));
  return files;
}

function mismatch(text, { file, replace, with: replacement }) {
  const times = text.split(replace).length - 1;
  if (replacement === replace) return `a patch of ${file} changes nothing`;
  if (times === 1) return undefined;
  return `'${replace.trim().split('\n')[0]}' is in ${file} ${times} times, not once (stale: patch what is there now)`;
}
