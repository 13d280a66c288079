/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O6',
  origin: 'CPython 3.9 to 3.16; loky 437',
  story:
    'What is thrown while arguments are copied is no ordinary error, and ends whoever copies them: this call and all later ones stay open.',
  patches: [
    {
      file: 'runtime/child-process/outbox.ts',
      replace: `      entries.push(work, this.#tasks.refOf(task), CallForm.args, encoded);
      return true;
    } catch (cause) {`,
      with: `      entries.push(work, this.#tasks.refOf(task), CallForm.args, encoded);
      return true;
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O6: whatever is thrown while arguments are serialised fails that future only',
  },
};
