/** `node bench/profile.mjs [tiny|object|roundtrip …]`: where the time of a call goes, function by function. */
import { profile } from './lib/cpu-profile.mjs';

const kinds = process.argv.slice(2);
for (const kind of kinds.length > 0 ? kinds : ['tiny', 'object', 'roundtrip']) {
  for (const side of ['parent', 'worker']) {
    const { calls, functions } = profile(kind, side, 5);
    console.log(`\n${kind}, ${side}: ${calls} calls; µs a call of each function itself`);
    for (const { name, micros } of functions.slice(0, 32)) console.log(`  ${micros.toFixed(3).padStart(8)}  ${name}`);
  }
}
