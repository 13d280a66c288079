/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-tinypool-json',
  origin: 'tinypool, workerpool, poolifier, worker-farm',
  story: 'Values travel as JSON: a Map becomes an empty object, and nobody is told.',
  patches: [
    {
      file: 'runtime/wire/value.ts',
      replace:
        '  return isError(value) ? [Form.errors, encodeErrors([value], segments)] : encodePlain(value, segments);',
      with: `  if (!isError(value)) return [JSON.parse(JSON.stringify(value) ?? 'null')];
  return [Form.errors, encodeErrors([value], segments)];`,
    },
  ],
  killedBy: { file: 'test/crash/d-values.test.ts', title: '(d) a circular result arrives circular' },
};
