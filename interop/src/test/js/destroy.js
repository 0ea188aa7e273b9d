// Destroys streams at several moments, on a connection that serves on.
'use strict';
const { connect, call, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const ignore = () => {};

  const fresh = rpc.mirror();
  fresh.on('error', ignore);
  fresh.destroy();
  show('fresh', ...await call(rpc, 'add', 1));

  const busy = rpc.mirror();
  busy.on('error', ignore);
  busy.write('some');
  await new Promise(resolve => busy.once('data', resolve));
  busy.destroy(new Error('enough'));
  show('busy', ...await call(rpc, 'add', 1));

  const source = rpc.bytes(100000000);
  source.on('error', ignore);
  await new Promise(resolve => source.once('data', resolve));
  source.destroy();
  show('source', ...await call(rpc, 'add', 1));
  socket.destroy();
})();
