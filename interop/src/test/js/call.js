// Makes calls one after the other, each given as [name, ...args] in JSON, and prints what the callbacks got.
'use strict';
const { connect, call, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  for (const json of process.argv.slice(3)) {
    const [name, ...args] = JSON.parse(json);
    show(...await call(rpc, name, ...args));
  }
  socket.destroy();
})();
