/** poolifier's form: a class. Its cluster mode hangs with an ES module. */
const { ClusterWorker } = require('poolifier');

module.exports = new ClusterWorker({ inc: (x) => x + 1, echo: (value) => value });
