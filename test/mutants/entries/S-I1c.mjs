/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I1c',
  bugs: [],
  origin: 'found by reviewing this code',
  story: 'The trace sink kills the workers while it is told of the step that spawns one: the kill is performed first.',
  patches: [{ file: 'runtime/driver.ts', replace: '    this.#recorder.refuseCallsOfSink();', with: '' }],
  killedBy: {
    file: 'test/regression/trace-sink.test.ts',
    title: 'and does not catch what it is told, is given up with a warning',
  },
};
