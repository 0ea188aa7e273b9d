// Writes to a stream of a method that does not exist, more than npm's side would read, and calls then.
'use strict';
const { connect, call, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const stream = rpc.missing();
  const failed = new Promise(resolve => stream.on('error', resolve));
  stream.write(Buffer.alloc(200000));
  show(await failed);
  show('sum', ...await call(rpc, 'add', 1));
  socket.destroy();
})();
