/** Reads what `node --cpu-prof` wrote: the time of each function itself, without what it called. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOT_PATH = fileURLToPath(new URL('../sides/hot-path.mjs', import.meta.url));
/** Microseconds between two samples. */
const INTERVAL = 200;

/** @type {Map<string, SourceMap | undefined>} */
const maps = new Map();

/** The map of a built file, which may be a bundle of many. @param {string} url */
function mapOf(url) {
  if (!maps.has(url)) {
    const path = `${fileURLToPath(url)}.map`;
    maps.set(url, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  }
  return maps.get(url);
}

/**
 * Where a function belongs, in the words of the project.
 *
 * @param {{ functionName: string, url: string, lineNumber: number, columnNumber: number }} frame
 */
function nameOf({ functionName, url, lineNumber, columnNumber }) {
  const name = functionName || '(anonymous)';
  if (/\/dist\/(?:runtime|machines)\/.*\.c?js$/.test(url)) {
    const source = mapOf(url)?.findEntry(lineNumber, columnNumber).originalSource ?? url;
    return `${name} (${source.match(/((?:runtime|machines)\/.*)\.[jt]s$/)?.[1] ?? source})`;
  }
  const bench = url.match(/\/bench\/(.*)\.mjs$/)?.[1];
  if (bench) return `${name} (bench: ${bench})`;
  if (url.startsWith('node:')) return `${name} (${url})`;
  return url === '' ? name : `${name} (${url.split('/').at(-1)})`;
}

/** Self time by function, in microseconds. @param {string} path */
function selfTimes(path) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8'));
  const names = new Map(nodes.map((node) => [node.id, nameOf(node.callFrame)]));
  /** @type {Map<string, number>} */
  const times = new Map();
  for (let i = 0; i < samples.length; i++) {
    const name = names.get(samples[i]);
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i]);
  }
  return times;
}

/**
 * Profiles the parent, or a worker, under one kind of load.
 *
 * @param {'tiny' | 'object' | 'roundtrip' | 'buffer' | 'map'} kind @param {'parent' | 'worker'} side @param {number} seconds
 */
export function profile(kind, side, seconds) {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-profile-'));
  try {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL}`];
    const args = side === 'parent' ? [...flags, HOT_PATH, kind, String(seconds)] : [HOT_PATH, kind, String(seconds)];
    const workerFlags = side === 'worker' ? flags : [];
    const calls = Number(execFileSync(process.execPath, [...args, ...workerFlags], { encoding: 'utf8' }));
    const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
    if (files.length === 0) throw new Error(`No profile was written for ${kind}, ${side}.`);
    /** @type {Map<string, number>} */
    const total = new Map();
    for (const file of files)
      for (const [name, micros] of selfTimes(join(folder, file))) total.set(name, (total.get(name) ?? 0) + micros);
    const functions = [...total]
      .map(([name, micros]) => ({ name, micros: micros / calls }))
      .sort((a, b) => b.micros - a.micros);
    return { kind, side, calls, functions };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
