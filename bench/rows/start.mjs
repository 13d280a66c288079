/** Rows "first result of a fresh pool", "a worker at rest" and "importing the main entry". */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { alternate } from '../lib/alternate.mjs';
import { atMost } from '../lib/check.mjs';
import { graphBehind } from '../lib/import-graph.mjs';
import { residentMB } from '../lib/proc.mjs';
import { MAIN_ENTRY, ProcessPoolExecutor } from '../lib/project.mjs';
import { cpython } from '../sides/cpython.mjs';
import { tasks } from '../sides/ours.mjs';
import { peers } from '../sides/peers.mjs';
import { endChild, forkChild, socketChild } from '../sides/processes.mjs';

const BARE_FORK = new URL('../sides/fork-child.mjs', import.meta.url);
const BARE_CHILD = new URL('../sides/bare-child.mjs', import.meta.url);
const TIMED_IMPORT = new URL('../sides/timed-import.mjs', import.meta.url);
const EMPTY_MODULE = new URL('../tasks/empty.mjs', import.meta.url);

/** @param {import('../run.mjs').Plan} plan */
export async function first(plan) {
  const snake = cpython();
  try {
    const sides = await alternate(
      [
        {
          name: 'procfutures',
          round: async () => {
            const began = performance.now();
            const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
            await pool.submit(tasks.inc, 1);
            const took = performance.now() - began;
            await pool.shutdown();
            return took;
          },
        },
        {
          name: 'bare fork',
          round: async () => {
            const began = performance.now();
            const child = forkChild(BARE_FORK);
            child.send(1);
            await once(child, 'message');
            const took = performance.now() - began;
            await endChild(child);
            return took;
          },
        },
        ...peers.map((peer) => ({
          name: peer.name,
          kind: peer.kind,
          round: async () => {
            const began = performance.now();
            const opened = await peer.open(1);
            await opened.call('inc', 1);
            const took = performance.now() - began;
            await opened.close();
            return took;
          },
        })),
        ...(snake ? [{ name: snake.name, round: async () => (await snake.seconds('first')) * 1000 }] : []),
      ],
      plan,
    );
    const ratio = sides.procfutures.median / sides['bare fork'].median;
    return {
      title: 'First result of a fresh pool',
      unit: 'ms',
      sides,
      checks: [atMost('against a bare fork that answers one message', ratio, 1.1)],
    };
  } finally {
    await snake?.close();
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 400));

/** @param {import('../run.mjs').Plan} plan */
export async function rest(plan) {
  if (residentMB('self') === undefined)
    return { title: 'A worker at rest', unit: 'MB', sides: {}, notes: ['skipped: there is no /proc here'], checks: [] };
  const sides = await alternate(
    [
      {
        name: 'idle worker',
        round: async () => {
          const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
          const pid = await pool.submit(tasks.pid);
          await settled();
          const size = residentMB(pid);
          await pool.shutdown();
          return size;
        },
      },
      {
        name: 'bare child',
        round: async () => {
          const { child, socket } = socketChild(BARE_CHILD);
          await once(socket, 'data');
          await settled();
          const size = residentMB(child.pid);
          await endChild(child);
          return size;
        },
      },
    ],
    plan,
  );
  const extra = sides['idle worker'].median - sides['bare child'].median;
  return {
    title: 'A worker at rest, resident',
    unit: 'MB',
    sides,
    checks: [atMost('more than a bare child with its sockets and one import()', extra, 2, 'MB')],
  };
}

/** Milliseconds of one `import()` in a fresh process. @param {URL} url */
async function importOf(url) {
  const child = spawn(process.execPath, [fileURLToPath(TIMED_IMPORT), url.href], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return Number(text);
}

/** @param {import('../run.mjs').Plan} plan */
export async function importing(plan) {
  const sides = await alternate(
    [
      { name: 'main entry', round: () => importOf(MAIN_ENTRY) },
      { name: 'empty ES module', round: () => importOf(EMPTY_MODULE) },
    ],
    { ...plan, rounds: 5 * plan.rounds },
  );
  const { packages, files } = graphBehind(MAIN_ENTRY);
  const xstate = packages.filter((name) => name.includes('xstate')).length;
  return {
    title: 'Importing the main entry, in a fresh process',
    unit: 'ms',
    sides,
    notes: [`its module graph: ${files} files of its own, packages: ${packages.join(', ') || 'none'}`],
    checks: [
      atMost('against an empty ES module', sides['main entry'].median / sides['empty ES module'].median, 5),
      atMost('xstate in the module graph', xstate, 0, 'packages'),
    ],
  };
}
