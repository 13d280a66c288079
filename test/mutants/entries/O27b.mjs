/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O27b',
  origin: 'CPython, docs against code',
  story: 'The input of map throws: what was submitted before stays behind, and nobody can reach it.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: `    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  next()`,
      with: `    } catch (error) {
      throw error;
    }
  }

  next()`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O27: an input that throws while map submits throws out of map, and nothing that was submitted stays behind',
  },
};
