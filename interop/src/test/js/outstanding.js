// Waits with calls outstanding and a stream open until the connection ends.
'use strict';
const { connect, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  rpc.never(() => show('answered'));
  const stream = rpc.mirror();
  stream.on('data', () => show('waiting'));
  stream.write('x');
  socket.on('close', () => show('closed'));
})();
