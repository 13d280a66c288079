import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { size } from '../../examples/hash-tree/format.ts';
import { processAlive, scratch, until } from '../helpers/gate.ts';
import { runExample, startExample } from './run-example.ts';
import { busyTree, endlessTree, expectedOf, smallTree } from './trees.ts';

/** The text of one row of the summary. */
function row(stdout: string, name: string): string {
  const line = stdout.split('\n').find((text) => text.startsWith(name.padEnd(13)));
  if (line === undefined) throw new Error(`no row '${name}' in:\n${stdout}`);
  return line.slice(13);
}

describe('hash-tree over a small tree', () => {
  it('its totals are those that one process computes, and it says how many files it checked', async () => {
    const { root, files } = smallTree();
    const expected = expectedOf(root, files);
    const { code, stdout, stderr } = await runExample('hash-tree', [root, '--workers', '2']);
    expect({ code, fingerprint: row(stdout, 'Fingerprint') }, stderr).toEqual({
      code: 0,
      fingerprint: expected.fingerprint,
    });
    expect(row(stdout, 'Files')).toContain(`${files.length}, ${size(expected.bytes)}; 0 unreadable`);
    expect(row(stdout, 'Brotli')).toContain(size(expected.brotliBytes));
    expect(row(stdout, 'Check')).toContain(`${files.length} files`);
    expect(row(stdout, 'Check')).toContain('all agree');
    expect(row(stdout, 'Speed-up')).toBe('too little work to tell');
  });

  it('the number of workers changes no total', async () => {
    const { root, files } = smallTree();
    const { stdout } = await runExample('hash-tree', [root, '--workers', '1']);
    expect(row(stdout, 'Fingerprint')).toBe(expectedOf(root, files).fingerprint);
    expect(row(stdout, 'Time')).toContain('1 worker:');
  });

  it('links are not followed and pipes are not read', async () => {
    const { root, files } = smallTree();
    symlinkSync(join(root, 'file 3'), join(root, 'link to a file'));
    symlinkSync('..', join(root, 'a', 'link to its own directory'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const { code, stdout } = await runExample('hash-tree', [root]);
    expect(code).toBe(0);
    expect(row(stdout, 'Files')).toContain('2 links and 1 special file skipped');
    expect(row(stdout, 'Fingerprint')).toBe(expectedOf(root, files).fingerprint);
  });

  it('a file that cannot be read is listed, and the rest goes on', async () => {
    const { root, files } = smallTree();
    // A name that is no UTF-8 cannot be opened by a string, by anyone: permissions would not stop a superuser.
    writeFileSync(Buffer.concat([Buffer.from(`${root}/broken`), Buffer.from([0xff])]), 'content');
    const { code, stdout, stderr } = await runExample('hash-tree', [root]);
    expect(stderr).toMatch(/unreadable: broken.*ENOENT/);
    expect(row(stdout, 'Files')).toContain('1 unreadable');
    expect(row(stdout, 'Fingerprint')).toBe(expectedOf(root, files).fingerprint);
    expect(code).toBe(0);
  });

  it('a tree without files is no error', async () => {
    const { code, stdout } = await runExample('hash-tree', [scratch()]);
    expect({ code, files: row(stdout, 'Files') }).toMatchObject({ code: 0, files: expect.stringContaining('0, 0 B') });
  });
});

describe('hash-tree --kill', () => {
  it('shows the broken pool: who died, how, what the futures hold, and that nothing is left', async () => {
    const { code, stdout, stderr } = await runExample('hash-tree', ['--kill', '--workers', '2', busyTree(40)]);
    expect(code, stderr).toBe(0);
    const victim = /Worker (\d+) was sent SIGKILL/.exec(stdout)?.[1];
    const shown = stdout.replaceAll(/ +/g, ' ');
    expect(shown).toContain('error BrokenProcessPool (ERR_PROCFUTURES_BROKEN_PROCESS_POOL)');
    expect(shown).toContain(`pid ${victim}`);
    expect(shown).toContain('signal SIGKILL (exit code null)');
    expect(shown).toContain('submit throws BrokenProcessPool');
    expect(shown).toContain('pool.state broken');
    expect(shown).toContain('2 spawned, 1 lost, all gone');
    const [, kept, failed] = /futures (\d+) kept their results, (\d+) failed, 0 are pending/.exec(shown) ?? [];
    expect(Number(kept)).toBeGreaterThanOrEqual(20);
    expect(Number(failed)).toBeGreaterThanOrEqual(1);
    expect(Number(kept) + Number(failed)).toBe(40);
    expect(shown).toContain(`errors ${failed} `);
  });

  it('without a file there is no worker to kill, and it says so', async () => {
    const { code, stderr } = await runExample('hash-tree', ['--kill', scratch()]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing to kill') });
  });
});

describe('hash-tree when a worker is lost', () => {
  it('says which, gives up the rest, and ends with code 1', async () => {
    const example = startExample('hash-tree', ['--workers', '2', busyTree(400)]);
    await example.says('/400 files');
    const children = example.children();
    for (const pid of children) process.kill(pid, 'SIGKILL');
    const { code, stderr } = await example.end;
    expect(code).toBe(1);
    expect(stderr).toContain('The pool broke, so the rest was not read.');
    expect(
      children.some((pid) => stderr.includes(String(pid))),
      stderr,
    ).toBe(true);
    expect(stderr).not.toContain('    at ');
  });
});

describe('hash-tree and Ctrl-C', () => {
  it('the first one cancels what is queued, lets the running files end, and leaves no process', async () => {
    const example = startExample('hash-tree', ['--workers', '2', busyTree(400)]);
    await example.says('/400 files');
    const children = example.children();
    process.kill(example.pid, 'SIGINT');
    const { code, stdout, stderr } = await example.end;
    expect(stderr).toContain('Interrupted');
    expect(code).toBe(130);
    expect(row(stdout, 'Done')).toContain('of 400 files found');
    expect(row(stdout, 'Not done')).toMatch(/[1-9]\d* were queued and cancelled/);
    // Read while it ran: without a worker among them the next line would prove nothing.
    expect(children.length).toBeGreaterThanOrEqual(1);
    await until(() => !children.some(processAlive), `the end of ${children.join(', ')}`);
  });

  it('a second one kills the workers instead of waiting for them', async () => {
    const example = startExample('hash-tree', ['--workers', '2', endlessTree()]);
    await example.says('1/2 files');
    const children = example.children();
    process.kill(example.pid, 'SIGINT');
    await example.says('Interrupted');
    process.kill(example.pid, 'SIGINT');
    const { code, stdout, stderr } = await example.end;
    expect(stderr).toContain('Killing the workers.');
    expect(code).toBe(130);
    expect(row(stdout, 'Done')).toContain('1 of 2 files found');
    expect(children.length).toBeGreaterThanOrEqual(1);
    await until(() => !children.some(processAlive), `the end of ${children.join(', ')}`);
  });
});

describe('hash-tree, badly asked', () => {
  const directory = () => {
    const path = join(scratch(), 'directory');
    mkdirSync(path);
    return path;
  };
  it.each([
    ['a directory that is not there', () => [join(scratch(), 'absent')], 'Cannot look into'],
    ['a file instead of a directory', () => [process.execPath], 'Not a directory'],
    ['two directories', () => [directory(), directory()], 'One directory at a time'],
    ['no workers', () => ['--workers', '0'], "--workers wants a whole number from 1 to 9999, not '0'"],
    ['half a worker', () => ['--workers', '1.5'], '--workers wants a whole number'],
    ['an unknown option', () => ['--wrokers', '2'], "Unknown option '--wrokers'"],
  ])('%s ends with code 2 and a sentence', async (_, args, sentence) => {
    const { code, stdout, stderr } = await runExample('hash-tree', args());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr).toContain('Try --help.');
    expect(stderr).not.toContain('    at ');
  });

  it('--help tells the options and the exit codes', async () => {
    const { code, stdout, stderr } = await runExample('hash-tree', ['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['--workers', '--kill', 'Exit codes', 'Ctrl-C']) expect(stdout).toContain(word);
  });
});

describe('the first program of the README', () => {
  it('prints what the README says', async () => {
    const { code, stdout } = await runExample('first-program');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'true\ntrue\ntrue\ntrue\nfalse\n' });
  });
});
