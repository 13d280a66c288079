/**
 * docs/guarantees.md from the rows and from the tests that ran, or sentences that say why it cannot be written.
 */
import { crashes } from './crashes.ts';
import { openBugs } from './open-bugs.ts';
import { promises } from './promises.ts';
import type { Cited, Crash, Promised } from './row.ts';

/** A test that ran. */
export interface Ran {
  /** Below test/, without the ending. */
  readonly file: string;
  /** Without the titles of what it is grouped under. */
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
}

/** What is there to be cited. */
export interface Known {
  readonly tests: readonly Ran[];
  /** Ids of the promises of properties/. */
  readonly properties: ReadonlySet<string>;
  /** Ids of the rungs of docs/verification.md. */
  readonly rungs: ReadonlySet<string>;
}

/** The data, so that a test can give worse. */
export interface Rows {
  readonly promises: readonly Promised[];
  readonly crashes: readonly Crash[];
}

const PEERS = [
  ['tinypool', 'tinypool 2.2.0'],
  ['workerpool', 'workerpool 10.0.3'],
  ['jestWorker', 'jest-worker 30.5.1'],
  ['poolifier', 'poolifier 5.3.2'],
  ['workerFarm', 'worker-farm 1.7.0'],
] as const;

/** Where every property is judged. */
const RUNGS = ['L3', 'L6', 'L7'];

const GROUPS: readonly (readonly [first: number, title: string])[] = [
  [1, 'Futures'],
  [8, 'Queue and dispatch'],
  [15, 'Workers'],
  [23, 'Break'],
  [30, 'Shutdown'],
  [40, 'Inside'],
];

/** The files that the rows cite; a run without one of them says nothing about the page. */
export function filesCited(rows: Rows = { promises, crashes }): Set<string> {
  const files = [...rows.promises, ...rows.crashes].flatMap(({ tests = [] }) => tests.map(([file]) => file));
  return new Set(files);
}

/** Why the page cannot be written, in sentences: empty when it can. */
export function complaints(known: Known, rows: Rows = { promises, crashes }): string[] {
  const found: string[] = [];
  const numbers = rows.promises.map(({ number }) => number);
  if (numbers.join() !== Array.from({ length: 46 }, (_, at) => at + 1).join())
    found.push('test/guarantees/promises*.ts: there are 46 promises, each once and in order');
  for (const rung of RUNGS)
    if (!known.rungs.has(rung))
      found.push(`there is no rung ${rung} in docs/verification.md: where are properties judged?`);
  for (const row of rows.promises) {
    const at = `promise ${row.number}`;
    for (const bug of [...(row.brokenBy ?? []), ...(row.dentedBy ?? [])])
      if (!(bug in openBugs)) found.push(`${at}: there is no ${bug} in test/guarantees/open-bugs.ts`);
    for (const id of row.properties ?? [])
      if (!known.properties.has(id)) found.push(`${at}: there is no property ${id} in properties/: name what holds it`);
    if (!row.properties && !row.tests) found.push(`${at}: nothing shows it; cite a property or a test`);
    if (row.cannotArise && !row.tests) found.push(`${at}: a test must keep it so that it cannot arise`);
    found.push(...badTests(at, row.tests, known));
  }
  for (const { what, letter, tests } of rows.crashes) {
    const at = `crash row '${what}'`;
    if (!letter && !tests) found.push(`${at}: nothing shows it; cite a test`);
    found.push(...badTests(at, [...lettered(letter), ...(tests ?? [])], known));
  }
  const letters = rows.crashes.flatMap(({ letter }) => letter ?? []);
  for (const { file, title } of known.tests) {
    const letter = file.startsWith('crash/') ? /^(?:\([\w+]+\))+/.exec(title)?.[0] : undefined;
    if (letter && !letters.includes(letter) && !found.some((it) => it.startsWith(`${letter}:`)))
      found.push(`${letter}: test/${file}.test.ts has it, and no row of test/guarantees/crashes*.ts does`);
  }
  return found;
}

function badTests(at: string, tests: readonly Cited[] = [], known: Known): string[] {
  return tests.flatMap((cited) => {
    const there = found(cited, known.tests);
    const name = `'${cited[1]}…' in test/${cited[0]}.test.ts`;
    if (there.length === 0) return [`${at}: there is no test ${name}: cite the one that shows it now`];
    const bad = there.find(({ state }) => state !== 'passed');
    return bad ? [`${at}: the test ${name} has not passed, it is ${bad.state}: nothing shows this row`] : [];
  });
}

/** All tests of a letter, wherever in test/crash. */
function lettered(letter: string | undefined): Cited[] {
  return letter === undefined ? [] : [['crash/*', `${letter} `]];
}

function found([file, beginsWith]: Cited, tests: readonly Ran[]): readonly Ran[] {
  const isFile = file.endsWith('*') ? (it: string) => it.startsWith(file.slice(0, -1)) : (it: string) => it === file;
  return tests.filter((test) => isFile(test.file) && test.title.startsWith(beginsWith));
}

/** The page; only what {@link complaints} has nothing against. */
export function page(known: Known): string {
  const broken = promises.filter(({ brokenBy }) => brokenBy).length;
  return [
    '# What is guaranteed, and what shows it',
    '',
    'Generated by `npm run guarantees` from the rows in test/guarantees/ and from the tests that ran: do not edit. `npm test` fails',
    'when a test or property that is named here is gone or does not pass, and when this page is out of step.',
    '',
    '## The promises of an executor',
    '',
    "What CPython's `ProcessPoolExecutor` promises or implies, decoded from the sources of 3.9 to 3.16 in development. It breaks",
    `${broken} of these ${promises.length} itself; the O-numbers are explained [below](#open-in-cpython).`,
    '',
    'A property (I, P) is a function of properties/ over one step and what was before it. It is judged after every step of the',
    'exploration (L3), of random runs (L6), and of traces that were recorded on real processes (L7); [verification.md](verification.md)',
    'has the rungs, [mutants.md](mutants.md) the bugs that each was seen to find. The tests are those of test/; those of conformance/',
    'and contract/ run twice, on the tables and on the live XState machines. A number in parentheses counts the cases of a test.',
    '',
    ...GROUPS.flatMap(([first, title], at) => {
      const end = GROUPS[at + 1]?.[0] ?? Number.POSITIVE_INFINITY;
      const rows = promises.filter(({ number }) => number >= first && number < end);
      return [
        `### ${title}`,
        '',
        ...table(['', 'promise', "CPython's newest", 'here', 'shown by'], rows.map(promiseCells(known))),
        '',
      ];
    }),
    '### Open in CPython',
    '',
    ...Object.entries(openBugs).map(([id, { what, issues }]) => `- **${id}** ${what}${issuesOf(issues)}`),
    '',
    '## When a worker dies, or cannot',
    '',
    'Each way to end a worker, and what becomes of the calls. Peers as probed in November 2026 on Linux with Node 20.20 in the versions',
    "named, with processes as workers, default options and one task a worker; *adv* is `serialization: 'advanced'`, *queue* is",
    '`enableTasksQueue`. *Hangs* means that a promise never settled. (One run a cell as a rule; counts vary, the outcome does not.)',
    '',
    ...table(
      ['', 'what happens', 'procfutures', 'tests', ...PEERS.map(([, name]) => name)],
      crashes.map((row) => [
        row.letter ?? '',
        row.what,
        row.ours,
        [...lettered(row.letter), ...(row.tests ?? [])].map((cited) => crashTests(cited, known)).join('<br>'),
        ...PEERS.map(([peer]) => row[peer]),
      ]),
    ),
    '',
    'Where a pool of CPython or ours *breaks*, every call that was accepted and is not done fails with an error that says which process',
    'ended, and how; the peers that replace the worker go on. Neither is wrong; that a promise hangs is.',
    '',
  ].join('\n');
}

function promiseCells(known: Known): (row: Promised) => string[] {
  return (row) => [
    String(row.number),
    row.sentence,
    atCPython(row),
    row.cannotArise ? `cannot arise: ${row.cannotArise}` : 'holds',
    [
      ...(row.properties ?? []).map((id) => `**${id}** at ${RUNGS.join(', ')}`),
      ...(row.tests ?? []).map((cited) => citedTest(cited, known)),
    ].join('<br>'),
  ];
}

function atCPython({ brokenBy, dentedBy, since }: Promised): string {
  if (brokenBy) return `**broken: ${brokenBy.map(linked).join(', ')}**`;
  return `holds${since ? ` since ${since}` : ''}${dentedBy ? `, but for ${dentedBy.map(linked).join(', ')}` : ''}`;
}

function citedTest(cited: Cited, { tests }: Known): string {
  const [file, beginsWith] = cited;
  const titles = new Set(found(cited, tests).map(({ title }) => title));
  const title = titles.size === 1 ? [...titles][0] : `${beginsWith.trim()} … (${titles.size})`;
  return `${file}: ${title}`;
}

function crashTests(cited: Cited, { tests }: Known): string {
  const ran = found(cited, tests);
  const files = [...new Set(ran.map(({ file }) => file.replace('crash/', '')))].sort();
  const count = new Set(ran.map(({ title }) => title)).size;
  return `${files.join(', ')} (${count})`;
}

function linked(id: string): string {
  return `[${id}](#open-in-cpython)`;
}

function issuesOf(issues: readonly number[] | undefined): string {
  if (issues === undefined) return '.';
  if (issues.length === 0) return '; found by trying, and no issue is known.';
  const links = issues.map((it) => `[gh-${it}](https://github.com/python/cpython/issues/${it})`);
  return `: ${links.join(', ')}.`;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)];
}
