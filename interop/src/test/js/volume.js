// So many bytes there and back on one stream.
'use strict';
const { connect, digest, show, writePattern } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const stream = rpc.mirror();
  const received = digest(stream);
  writePattern(stream, Number(process.argv[3]));
  show(await received);
  socket.destroy();
})();
