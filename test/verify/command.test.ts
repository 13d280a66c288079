/**
 * `npm run verify` as it is run, with a bug planted in a chart: every rung that judges charts fails, and what is printed
 * leads to the cause.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../helpers/gate.ts';

const command = fileURLToPath(new URL('../../dist/test/ladder/main.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly output: string;
  /** Where it was called from. */
  readonly folder: string;
}

function verify(...args: string[]): Promise<Ended> {
  return verifyIn(scratch(), ...args);
}

function verifyIn(folder: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, INIT_CWD: folder }, timeout: 120_000, maxBuffer: 2 ** 24 };
    execFile(process.execPath, [command, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}`, folder }),
    );
  });
}

describe('a worker whose death is ignored', () => {
  const RUNGS = ['L2', 'L3', 'L4', 'L5', 'L6', 'L8', 'L12', 'L13', 'L13i'];
  let ended: Ended;
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-verify-'));
  beforeAll(async () => {
    ended = await verifyIn(folder, '--plant', 'worker busy/exited is ignored', '--on', '--only', RUNGS.join(','));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(RUNGS)('%s fails', (id) => {
    expect(ended.output).toMatch(new RegExp(`^FAIL ${id} `, 'm'));
    expect(ended.code).toBe(1);
  });

  it('names the promise, the shortest run, the cell of the chart, once for all scopes', () => {
    expect(ended.output).toContain('P2 is broken: Every worker that is waited for has a deadline');
    expect(ended.output).toContain('The run, 6 moves:');
    expect(ended.output).toContain('worker busy/exited -> busy');
    expect(ended.output).toMatch(/P2 is broken in \d+ other scopes, too: /);
    expect(ended.output.match(/The run, \d+ moves:/g)?.length).toBe(1);
  });

  it('leaves a counterexample that replays move by move, and a picture', async () => {
    const file = join(ended.folder, 'coverage/counterexamples/L3.json');
    expect(readFileSync(file.replace('.json', '.mmd'), 'utf8')).toMatch(/^sequenceDiagram/);
    const { code, output } = await verify('--replay', file, '--at', '5');
    expect(code).toBe(1);
    expect(output).toContain('On the charts that ship: every promise is kept.');
    expect(output).toMatch(
      /On the runtime, with simulated processes: after .*tellExit 0: the runtime asked for nothing/,
    );
    expect(output).toMatch(/After 5 of 6 moves[\s\S]*the last one +crash 0[\s\S]*the next one +tellExit 0/);
  });
});

it('a way out of a final state: L1 fails', async () => {
  const { code, output } = await verify(
    '--plant',
    'executor joined.clean/submit leads to joined.broken',
    '--only',
    'L1',
  );
  expect(output).toContain("executor: 'joined.clean' is final, and submit leads to 'joined.broken'");
  expect(code).toBe(1);
});

it('a shutdown that is ignored: the public commands find it, and cells are not reached', async () => {
  const plant = 'executor running/shutdown is ignored';
  const { output } = await verify('--plant', plant, '--on', '--only', 'L6api,L10');
  expect(output).toMatch(/^FAIL L6api /m);
  expect(output).toMatch(/^FAIL L10 /m);
}, 60_000);

it('--help says what can be asked for, and climbs nothing', async () => {
  const { code, output } = await verify('--help');
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/^npm run verify -- \[options\]/) });
});

describe('called wrongly, it says what is wrong, and leaves with 2', () => {
  it.each([
    [['--only', 'L99'], 'there is no rung L99; L0, L1, '],
    [['--only', 'l0'], 'there is no rung l0'],
    [['--frob'], "Unknown option '--frob'"],
    [['stray'], "Unexpected argument 'stray'"],
    [['--docs', 'x.md', '--only', 'L0'], '--docs takes all rungs'],
    [['--plant', 'no such'], "There is no mutant 'no such'"],
    [['--replay', 'nowhere.json'], 'no such file'],
    [['--at', '3'], '--at goes with --replay'],
    [['--json', 'no/such/folder/x.json', '--only', 'L1'], 'no such file or directory'],
  ])('%j', async (args, why) => {
    const { code, output } = await verify(...args);
    expect(output).toContain(why);
    expect(output).toContain('npm run verify -- [options]');
    expect(code).toBe(2);
  });

  it.each(['{', '[]', '{"scope":{},"run":[1]}', '{"scope":{"workers":1,"tasks":1,"kills":0},"run":["frob 1"]}'])(
    'a file that is no counterexample: %s',
    async (text) => {
      const file = join(scratch(), 'it.json');
      writeFileSync(file, text);
      const { code, output } = await verify('--replay', file);
      expect(output).toMatch(/counterexample|There is no move 'frob 1'/);
      expect(code).toBe(2);
    },
  );
});

it('writes its numbers where it is told to', async () => {
  const { code, folder } = await verify('--only', 'L1', '--json', 'numbers.json');
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, 'numbers.json'), 'utf8'))).toMatchObject({ L1: { isMet: true } });
  expect(existsSync(join(folder, 'coverage'))).toBe(false);
});
