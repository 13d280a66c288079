/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O7',
  origin: 'CPython; loky PR 663',
  story: 'A callback throws something that nobody expected, and ends the thread that manages the workers.',
  patches: [
    {
      file: 'runtime/observers.ts',
      replace: `  } catch (error) {
    warnOfCallback(error);`,
      with: `  } catch (error) {
    if (!(error instanceof Error)) throw error;
    warnOfCallback(error);`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O7: a callback that throws anything, and a future resolved by the user, disturb nothing',
  },
};
