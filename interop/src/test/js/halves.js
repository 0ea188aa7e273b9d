// The two directions of a stream end one after the other.
'use strict';
const { connect, call, readAll, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();

  // This side ends first, and the other one answers then.
  const digest = rpc.digest();
  digest.write('ab');
  digest.end('c');
  show('digest', (await readAll(digest)).toString());

  // The other side ends first, and this one goes on.
  const collect = rpc.collect();
  collect.write('before');
  await readAll(collect);
  collect.end(' and after');
  show('collected', ...await call(rpc, 'collected'));
  socket.destroy();
})();
