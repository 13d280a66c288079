/** `node bench/profile.mjs [--json FILE] [tiny|object|map|roundtrip|buffer …]`: where the time of a call goes. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { profile } from './lib/cpu-profile.mjs';

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' }, seconds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const kinds = positionals.length > 0 ? positionals : ['tiny', 'object', 'roundtrip', 'buffer', 'map'];
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
