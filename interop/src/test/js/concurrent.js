// Eight streams and calls at the same time on one connection.
'use strict';
const { connect, call, digest, show, writePattern } = require('./client');

const COUNT = 2000000;

(async () => {
  const { rpc, socket } = await connect();
  const streams = [];
  for (let i = 0; i < 8; i++) streams.push(rpc.mirror());
  const digests = streams.map(digest);
  streams.forEach((stream, i) => writePattern(stream, COUNT + i));
  const sums = [];
  for (let i = 0; i < 100; i++) sums.push((await call(rpc, 'add', 1))[0]);
  show('sum', sums[99]);
  for (const each of digests) show(await each);
  socket.destroy();
})();
