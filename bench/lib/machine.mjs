/** Where the figures were taken, and of what. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

const require = createRequire(import.meta.url);

/** The peers, by the name of their package. */
const PEERS = ['jest-worker', 'piscina', 'poolifier', 'tinypool', 'worker-farm', 'workerpool'];

/** The version of an installed package, also where its exports hide package.json. @param {string} name */
function versionOf(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version;
    } catch {
      // Not in this folder: the next one.
    }
  }
  return undefined;
}

/** The version of the Python on this machine, or `undefined` where there is none. */
export function pythonVersion() {
  try {
    return execFileSync('python3', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .replace('Python ', '');
  } catch {
    return undefined;
  }
}

/** Everything that a reader needs to judge a figure. */
export function machine() {
  const [cpu] = cpus();
  const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    v8: process.versions.v8,
    system: `${type()} ${release()} ${process.arch}`,
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()[0],
    procfutures: own.version,
    python: pythonVersion(),
    peers: Object.fromEntries(PEERS.map((name) => [name, versionOf(name)])),
  };
}
