// Destroys streams at several moments, again and again, on a connection that serves on.
'use strict';
const { connect, call, show } = require('./client');

const ignore = () => {};

(async () => {
  const { rpc, socket } = await connect();
  let sum;
  for (let round = 0; round < 10; round++) {
    const fresh = rpc.mirror();
    fresh.on('error', ignore);
    fresh.destroy();
    await call(rpc, 'add', 1);

    const busy = rpc.mirror();
    busy.on('error', ignore);
    busy.write('some');
    await new Promise(resolve => busy.once('data', resolve));
    busy.destroy(new Error('enough'));
    await call(rpc, 'add', 1);

    const source = rpc.bytes(100000000);
    source.on('error', ignore);
    await new Promise(resolve => source.once('data', resolve));
    source.destroy();
    [sum] = await call(rpc, 'add', 1);
  }
  show('sum', sum);
  socket.destroy();
})();
