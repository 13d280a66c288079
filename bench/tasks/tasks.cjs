/** The functions that are called, for pools that take the exports of a CommonJS module. */
exports.inc = (x) => x + 1;
exports.echo = (value) => value;
