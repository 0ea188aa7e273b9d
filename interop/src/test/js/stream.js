// Opens a stream, [name, ...args] in JSON; writes the text and ends it where one is given; prints what became of it.
'use strict';
const { connect, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const [name, ...args] = JSON.parse(process.argv[3]);
  const text = process.argv[4];
  const stream = rpc[name](...args);
  let data = '';
  let over = false;
  // A stream of npm's client that has failed ends, too.
  const finish = (...outcome) => {
    if (over) return;
    over = true;
    show(...outcome);
    // The same connection still serves.
    rpc.add(1, sum => {
      show('sum', sum);
      socket.destroy();
    });
  };
  stream.on('data', chunk => { data += chunk; });
  stream.on('end', () => finish('end', data));
  stream.on('error', error => finish('error', error.message));
  if (text !== undefined) {
    if (text) stream.write(text);
    stream.end();
  }
})();
