/** worker-farm's form: the last argument is a callback. */
exports.inc = (x, done) => done(null, x + 1);
exports.echo = (value, done) => done(null, value);
