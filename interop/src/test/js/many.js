// So many streams, one after the other, on one connection.
'use strict';
const { connect, readAll, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  let good = 0;
  for (let i = 0; i < Number(process.argv[3]); i++) {
    const stream = rpc.mirror();
    const all = readAll(stream);
    stream.end('some');
    if ((await all).toString() === 'some') good++;
  }
  show(good);
  socket.destroy();
})();
