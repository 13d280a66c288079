/** The leak check is itself checked: each kind of leak is planted, and seen. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeLeaks, findLeaks, readFacts } from '../helpers/facts.ts';

describe('what the leak check sees', () => {
  it('finds nothing where nothing was left', () => {
    expect(findLeaks(readFacts())).toEqual([]);
  });

  it('names the timer by its delay and by the place that set it', () => {
    const before = readFacts();
    const timer = setTimeout(() => {}, 55_555);
    onTestFinished(() => clearTimeout(timer));

    const leaks = findLeaks(before);

    expect(leaks.map(({ kind }) => kind)).toEqual(['timer']);
    expect(leaks[0]!.what).toMatch(/^setTimeout of 55555 ms\n.*leak-check\.test\.ts/s);
  });

  it('forgets a timer that was cleared or has fired', async () => {
    const before = readFacts();
    clearTimeout(setTimeout(() => {}, 55_555));
    await new Promise((resolve) => setTimeout(resolve, 1));

    expect(findLeaks(before).filter(({ kind }) => kind === 'timer')).toEqual([]);
  });

  it('compares descriptors by class, so that one closed and one opened is no leak', () => {
    const facts = readFacts();
    const before = { ...facts, descriptors: new Map([['7', 'pipe:[1]']]) };

    expect(findLeaks(before, { ...facts, descriptors: new Map([['9', 'pipe:[2]']]) })).toEqual([]);
    expect(findLeaks(before, { ...facts, descriptors: new Map([...before.descriptors, ['9', 'pipe:[2]']]) })).toEqual([
      { kind: 'descriptor', what: '1 × pipe: 9 -> pipe:[2]' },
    ]);
  });

  it('tells which process is left, and what to do', () => {
    const facts = readFacts();
    const leaks = findLeaks(facts, { ...facts, processes: new Map([[4711, '4711 (zombie): node']]) });

    expect(leaks).toEqual([{ kind: 'process', what: '4711 (zombie): node', pid: 4711 }]);
    expect(describeLeaks(leaks, 5_000)).toBe(
      'the test left something behind, still there after 5000 ms:\n' +
        '  process: 4711 (zombie): node\n' +
        'Await pool.shutdown() (or killWorkers()), and await the exit of every child that the test itself starts.',
    );
  });
});

describe('a run with leaking tests', () => {
  it('fails exactly the tests that leave something or surprise with a warning, each with its reason', async () => {
    const outcomes = await nestedRun();

    expect(outcomes).toEqual({
      'leaves nothing': 'passed',
      'leaves a child process': expect.stringMatching(/process: \d+ \(child, state [SR]\): .*setInterval/),
      'leaves a grandchild whose parent is gone': expect.stringMatching(/process: \d+ \(descendant of .*setInterval/),
      'leaves a descriptor': expect.stringMatching(/descriptor: 1 × \/dev\/zero: \d+ -> \/dev\/zero/),
      'leaves a timer that keeps the event loop alive': expect.stringMatching(
        /timer: setTimeout of 77777 ms\n.*one-each\.leaky\.ts/,
      ),
      'leaves a timer that does not': expect.stringContaining('timer: setInterval of 88888 ms'),
      'leaves a server': expect.stringMatching(/descriptor: 1 × socket.*resource: 1 × TCPServerWrap/s),
      'leaves a listener on process': expect.stringContaining("listener: 1 × process 'SIGUSR2'"),
      'leaves a listener on process.stdout': expect.stringContaining("listener: 1 × process.stdout 'drain'"),
      'adds the one exit listener that is allowed': 'passed',
      'adds another exit listener': expect.stringContaining("listener: 1 × process 'exit'"),
      'provokes a warning that it did not announce': expect.stringMatching(
        /did not announce:\nWarning: nobody announced this/,
      ),
      'provokes the warning that it announced': 'passed',
      'announces a warning that does not come': expect.stringContaining('no process warning matched /the one that'),
      'fails by itself and leaves a timer': expect.not.stringContaining('timer:'),
      'ends what it started': 'passed',
      'leaves nothing itself': 'passed',
      'after-all.leaky.ts': expect.stringMatching(/after the last test of this file: .*setTimeout of 66666 ms/s),
    });
  });

  it('ends the processes that it reported, so that no later test meets them', async () => {
    const outcomes = await nestedRun();

    const pids = Object.values(outcomes).flatMap((text) =>
      [...text.matchAll(/process: (\d+)/g)].map((match) => match[1]!),
    );
    expect(pids.length).toBe(2);
    const alive = readdirSync('/proc').filter((pid) => pids.includes(pid) && !/\) Z /.test(statOf(pid)));
    expect(alive).toEqual([]);
  });
});

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

let report: Promise<Record<string, string>> | undefined;

/** Runs `test/fixtures/leaks` once; 'passed' or the failure's text of each test, and of each file that failed as such. */
function nestedRun(): Promise<Record<string, string>> {
  report ??= new Promise((resolve, reject) => {
    const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
    const args = [path('../../node_modules/vitest/vitest.mjs'), 'run', '--reporter=json'];
    // A run of its own: nothing of the runner around it may reach it.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS$)/.test(name)),
    );
    execFile(process.execPath, args, { cwd: path('../fixtures/leaks'), env }, (error, stdout, stderr) => {
      // Code 1 is right here: tests have failed.
      if (error?.code !== 1) return reject(new Error(`the nested run ended with ${error?.code}: ${stderr}${stdout}`));
      const outcomes: Record<string, string> = {};
      for (const file of (JSON.parse(stdout) as JsonReport).testResults) {
        if (file.message !== '') outcomes[file.name.split('/').at(-1)!] = file.message;
        for (const { title, status, failureMessages } of file.assertionResults) {
          outcomes[title] = status === 'passed' ? status : failureMessages.join('\n');
        }
      }
      resolve(outcomes);
    });
  });
  return report;
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
