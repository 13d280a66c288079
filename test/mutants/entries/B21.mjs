/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B21',
  origin: 'loky, its matrix of sixteen cases',
  story: 'What a task throws cannot be copied, and the worker dies of it.',
  patches: [
    {
      file: 'runtime/worker/reporter.ts',
      replace: '    if (thrown.ok) return [Code.thrown, thrown.encoded];',
      with: `    if (!thrown.ok) throw thrown.reason;
    if (thrown.ok) return [Code.thrown, thrown.encoded];`,
    },
  ],
  killedBy: {
    file: 'test/crash/d-values.test.ts',
    title: '(f) a thrown function cannot be copied: that future says so, the worker is kept',
  },
};
