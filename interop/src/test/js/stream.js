// Opens a stream, [name, ...args] in JSON; writes the text and ends it where one is given; prints what happens to it.
'use strict';
const { connect, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const [name, ...args] = JSON.parse(process.argv[3]);
  const text = process.argv[4];
  const stream = rpc[name](...args);
  let data = '';
  stream.on('data', chunk => { data += chunk; });
  stream.on('end', () => show('end', data));
  stream.on('error', error => {
    show('error', error.message);
    // The same connection still serves.
    rpc.add(1, sum => {
      show('sum', sum);
      socket.destroy();
    });
  });
  if (text !== undefined) {
    if (text) stream.write(text);
    stream.end();
  }
  stream.on('end', () => rpc.add(1, sum => {
    show('sum', sum);
    socket.destroy();
  }));
})();
