/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H57',
  origin: 'CPython bpo-46787',
  story: 'Something that lives on refers to what a call came to, and so to all that it holds.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: '        return publish(effect.work.handle as Future<unknown>);',
      with: `        (globalThis as { kept?: unknown[] }).kept ??= [];
        (globalThis as { kept?: unknown[] }).kept?.push(effect.work.handle);
        return publish(effect.work.handle as Future<unknown>);`,
    },
  ],
  killedBy: { file: 'test/crash/volume.test.ts', title: '(+) its result and itself' },
};
