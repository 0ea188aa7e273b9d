// Opens a stream and stays: writes without end to one that nobody reads, or reads a little of one that does not end.
'use strict';
const { connect, show } = require('./client');

(async () => {
  const { rpc } = await connect();
  if (process.argv[3] === 'write') {
    const stream = rpc.stuck();
    for (let i = 0; i < 64; i++) stream.write(Buffer.alloc(65536));
    show('written');
  } else {
    const stream = rpc.source();
    stream.once('data', () => {
      stream.pause();
      show('begun');
    });
  }
})();
