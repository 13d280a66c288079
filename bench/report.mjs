/** `npm run bench:report -- FILE`: writes docs/performance.md and docs/performance.svg. */
import { readFileSync, writeFileSync } from 'node:fs';
import { commandLine } from './lib/command-line.mjs';
import { page } from './report/page.mjs';
import { plot } from './report/plot.mjs';

const USAGE = `npm run bench:report -- FILE --profile FILE --soak FILE

  FILE            what npm run bench -- --json FILE wrote
  --profile FILE  what node bench/profile.mjs --json FILE wrote: the section "Where the time goes"
  --soak FILE     what npm run soak > FILE wrote: the section "Steady load"`;

const { values, positionals } = commandLine(
  USAGE,
  { profile: { type: 'string' }, soak: { type: 'string' } },
  (_, files) => (files.length === 1 ? undefined : 'Name one file, the JSON of a run.'),
);
const [file] = /** @type {[string]} */ (positionals);

const run = JSON.parse(readFileSync(file, 'utf8'));
const profiles = values.profile === undefined ? [] : JSON.parse(readFileSync(values.profile, 'utf8'));
const soaked = values.soak === undefined ? '' : readFileSync(values.soak, 'utf8');
writeFileSync(new URL('../docs/performance.md', import.meta.url), page(run, profiles, soaked));
writeFileSync(new URL('../docs/performance.svg', import.meta.url), plot(run));
console.log('docs/performance.md and docs/performance.svg are written.');
