/** The first program of the README, as it stands there but for the names of the imported files. */
import { ProcessPoolExecutor, tasksFrom } from 'procfutures';

const { isPrime } = tasksFrom<typeof import('./tasks.ts')>(new URL('./tasks.js', import.meta.url));

const pool = new ProcessPoolExecutor({ maxWorkers: 4 });
const future = pool.submit(isPrime, 112272535095293);
console.log(await future);
for await (const prime of pool.map(isPrime, [2, 3, 5, 8])) console.log(prime);
await pool.shutdown();
