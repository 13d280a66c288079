/** `node bench/profile.mjs`: where the time of a call goes. */
import { writeFileSync } from 'node:fs';
import { commandLine } from './lib/command-line.mjs';
import { profile } from './lib/cpu-profile.mjs';

const KINDS = ['tiny', 'object', 'roundtrip', 'buffer', 'map'];
const USAGE = `node bench/profile.mjs [options] [KIND ...]

  KIND         ${KINDS.join(', ')} (all)
  --seconds N  of each profile (5)
  --json FILE  write them there, for npm run bench:report

Build first: npm run build.`;

const { values, positionals } = commandLine(
  USAGE,
  { json: { type: 'string' }, seconds: { type: 'string', default: '5' } },
  ({ seconds }, words) => {
    const unknown = words.filter((word) => !KINDS.includes(word));
    if (unknown.length > 0) return `There is no kind ${unknown.join(', ')}.`;
    return Number(seconds) > 0 ? undefined : `--seconds takes a number above 0, not ${seconds}.`;
  },
);
const kinds = positionals.length > 0 ? positionals : KINDS;
const profiles = [];
for (const kind of kinds) {
  for (const side of ['parent', 'worker']) {
    const taken = profile(kind, side, Number(values.seconds));
    profiles.push({ ...taken, functions: taken.functions.slice(0, 200) });
    console.log(`\n${kind}, ${side}: ${taken.calls} calls; µs a call of each function itself`);
    for (const { name, micros } of taken.functions.slice(0, 32))
      console.log(`  ${micros.toFixed(3).padStart(8)}  ${name}`);
  }
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(profiles)}\n`);
