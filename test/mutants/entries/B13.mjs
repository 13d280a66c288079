/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B13',
  origin: 'gunicorn 2454',
  story: 'The harder step follows the polite one at once, for time was counted in turns of a loop.',
  patches: [{ file: 'runtime/driver.ts', replace: 'grace: options.killGrace, reap', with: 'grace: 0, reap' }],
  killedBy: {
    file: 'test/crash/g-close.test.ts',
    title: '(y) terminateWorkers() ends an endless loop with a SIGTERM handler by SIGKILL after killGrace',
  },
};
