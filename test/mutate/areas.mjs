/**
 * What is mutated, and which tests judge it. In areas, each with a run of Stryker of its own: a mutant of a constant of a
 * module is judged by all tests of its run, so the fewer there are that have nothing to do with it, the better.
 *
 * Tests run in one process, with the sources in the place of the built package. Worker processes run the built code,
 * which has no mutants, so what runs inside a worker is judged by tests that give it a file for a pipe.
 *
 * Not mutated, and why:
 * - `runtime/worker/main.ts`: reads descriptor 3, writes descriptor 4 and ends its process as soon as it is imported;
 *   only a process can be its judge. test/crash and test/contract are, on the real one.
 * - `runtime/index.ts`, `runtime/simulation/index.ts`: they export and do nothing; test/package compares them.
 * - `runtime/host.ts`: types only.
 */

/**
 * The first tests of a list run first, and a mutant that none of them kills is judged by all: a list has the tests that
 * are quick. Those of real processes would kill some more, at some seconds for each.
 */
const onSimulation = ['test/runtime/*.test.ts', 'test/contract/simulated.test.ts'];

export const areas = [
  {
    name: 'wire',
    mutate: ['runtime/wire/*.ts'],
    tests: ['test/runtime/wire/*.test.ts'],
  },
  {
    name: 'worker',
    mutate: ['runtime/worker/{index,info,reporter,runner,tasks}.ts'],
    tests: ['test/runtime/worker/*.test.ts'],
  },
  {
    name: 'simulation',
    mutate: ['runtime/simulation/!(index).ts'],
    tests: ['test/runtime/{behaviour,physics,world,simulation}.test.ts', ...onSimulation],
  },
  {
    name: 'child-process',
    mutate: ['runtime/child-process/*.ts'],
    tests: ['test/runtime/child-process/*.test.ts', 'test/contract/child-process.test.ts'],
  },
  {
    name: 'api',
    mutate: ['runtime/!(index|host).ts'],
    tests: [
      'test/runtime/api/*.test.ts',
      'test/runtime/{driver,estimator}.test.ts',
      'test/regression/{futures,map,odd-values,trace-sink,waiting}.test.ts',
      ...onSimulation,
    ],
  },
];
