/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H01b',
  origin: 'CPython bpo-9205',
  story:
    'The exit of a process is not listened for: its end is known by its pipes alone, and nobody can say how it died.',
  patches: [
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: `      // What it wrote to a piped stderr is in the kernel by now and is read in the next turn.
      if (child.stderr) setImmediate(report);
      else report();`,
      with: `      if (signal === 'SIGUSR2') report();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/process-pool.test.ts',
    title: 'test_killed_child: the future of a killed worker and every later submit get BrokenProcessPool',
  },
};
