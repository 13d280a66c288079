/**
 * `npm run bench:report -- FILE`: writes docs/performance.md and docs/performance.svg from what `--json FILE` wrote.
 *
 * With `--profile FILE` also the section "Where the time goes", from what `node bench/profile.mjs --json FILE` wrote.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { page } from './report/page.mjs';
import { plot } from './report/plot.mjs';

const { values, positionals } = parseArgs({ options: { profile: { type: 'string' } }, allowPositionals: true });
const [file] = positionals;
if (file === undefined) throw new Error('Name the JSON file of a run: npm run bench -- --json FILE writes one.');

const run = JSON.parse(readFileSync(file, 'utf8'));
const profiles = values.profile === undefined ? [] : JSON.parse(readFileSync(values.profile, 'utf8'));
writeFileSync(new URL('../docs/performance.md', import.meta.url), page(run, profiles));
writeFileSync(new URL('../docs/performance.svg', import.meta.url), plot(run));
console.log('docs/performance.md and docs/performance.svg are written.');
