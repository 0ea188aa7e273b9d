// Many small texts at once: what comes back is more than node reads at once.
'use strict';
const { connect, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const count = Number(process.argv[3]);
  let answered = 0;
  let same = 0;
  for (let i = 0; i < count; i++) {
    const text = i + ' ' + 'ä€🙂'.repeat(i % 100);
    rpc.echo(text, back => {
      if (back === text) same++;
      if (++answered === count) {
        show('same', same);
        socket.destroy();
      }
    });
  }
})();
