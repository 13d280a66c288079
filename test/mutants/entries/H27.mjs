/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H27',
  origin: 'CPython gh-109047',
  story:
    'Something fails while calls are dispatched, outside of every supervision: whoever manages the workers ends, and the futures stay open.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `      this.#doIt(effect);
    } catch (error) {
      this.#perform`,
      with: `      this.#doIt(effect);
    } catch (error) {
      if (effect.type === 'send') return;
      this.#perform`,
    },
  ],
  killedBy: {
    file: 'test/runtime/driver.test.ts',
    title: 'in send breaks the pool, and its future fails with the last steps',
  },
};
