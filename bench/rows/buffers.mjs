/** Rows "1 MiB Buffer echo" and "100 MB one way". */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { alternate } from '../lib/alternate.mjs';
import { atMost } from '../lib/check.mjs';
import { median } from '../lib/statistics.mjs';
import { cpython } from '../sides/cpython.mjs';
import { openOurs, tasks } from '../sides/ours.mjs';
import { openWarm, peers } from '../sides/peers.mjs';
import { rawSocket } from '../sides/raw-socket.mjs';

/** The median of several calls one after the other, in ms. */
async function inTurn(calls, call) {
  const taken = [];
  for (let i = 0; i < calls; i++) {
    const began = performance.now();
    await call();
    taken.push(performance.now() - began);
  }
  return median(taken);
}

/** @param {import('../run.mjs').Plan} plan */
export async function echo(plan) {
  const calls = plan.quick ? 10 : 30;
  const payload = Buffer.alloc(2 ** 20, 7);
  const ours = await openOurs(1);
  const floor = rawSocket('echo', payload.length);
  const opened = [];
  for (const peer of peers.filter(({ binary }) => binary)) opened.push({ ...peer, ...(await openWarm(peer, 1)) });
  const snake = cpython();
  try {
    const sides = await alternate(
      [
        { name: 'procfutures', round: () => inTurn(calls, () => ours.submit(tasks.echo, payload)) },
        { name: 'raw socket', round: () => inTurn(calls, () => floor.send(payload)) },
        ...opened.map((peer) => ({
          name: peer.name,
          kind: peer.kind,
          round: () => inTurn(calls, () => peer.call('echo', payload)),
        })),
        ...(snake
          ? [{ name: snake.name, round: async () => ((await snake.seconds('bytes', calls)) * 1000) / calls }]
          : []),
      ],
      plan,
    );
    const ratio = sides.procfutures.median / sides['raw socket'].median;
    return {
      title: '1 MiB Buffer, echoed, one at a time',
      unit: 'ms',
      sides,
      checks: [atMost('against a raw socket that stores and forwards', ratio, 1.15)],
    };
  } finally {
    await Promise.all([ours.shutdown(), floor.close(), snake?.close(), ...opened.map((peer) => peer.close())]);
  }
}

/** One payload in a fresh process, so that its peak of memory is of this payload and nothing else. */
async function oneWay(side, direction) {
  const script = fileURLToPath(new URL('../sides/one-way.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, side, direction], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`one-way.mjs ${side} ${direction} ended with code ${code}; its error stands above.`);
  return /** @type {{ ms: number, parent?: number, worker?: number }} */ (JSON.parse(text));
}

/** @param {import('../run.mjs').Plan} plan */
export async function payload(plan) {
  /** @type {Record<string, { parent: number[], worker: number[] }>} */
  const memory = {};
  const side = (name, kind, direction) => ({
    name: `${name}, ${direction}`,
    round: async () => {
      const { ms, parent, worker } = await oneWay(kind, direction);
      memory[`${name}, ${direction}`] ??= { parent: [], worker: [] };
      if (parent !== undefined) memory[`${name}, ${direction}`].parent.push(parent);
      if (worker !== undefined) memory[`${name}, ${direction}`].worker.push(worker);
      return ms;
    },
  });
  const sides = await alternate(
    [
      side('procfutures', 'ours', 'argument'),
      side('raw socket', 'raw', 'argument'),
      side('procfutures', 'ours', 'result'),
      side('raw socket', 'raw', 'result'),
    ],
    // Every round is a fresh process, which has warmed up what it needs.
    { rounds: plan.rounds, warmUps: 0 },
  );
  const checks = [];
  for (const way of ['argument', 'result']) {
    const ratio = sides[`procfutures, ${way}`].median / sides[`raw socket, ${way}`].median;
    checks.push(atMost(`${way}: time against a raw socket that stores`, ratio, 1.15));
    for (const [place, peaks] of Object.entries(memory[`procfutures, ${way}`]))
      if (peaks.length > 0) checks.push(atMost(`${way}: memory of the ${place}, in payloads`, median(peaks), 3));
  }
  return { title: '100 MB one way, in a fresh pool', unit: 'ms', sides, checks };
}
