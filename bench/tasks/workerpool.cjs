/** workerpool's form: functions are registered. */
const workerpool = require('workerpool');

workerpool.worker({ inc: (x) => x + 1, echo: (value) => value });
