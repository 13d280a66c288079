/** Prints how many milliseconds one `import()` takes here. */
const began = performance.now();
await import(process.argv[2]);
console.log(performance.now() - began);
