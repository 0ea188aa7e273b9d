// So many calls, all issued before the first answer.
'use strict';
const { connect, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const count = Number(process.argv[3]);
  let answered = 0;
  let inOrder = 0;
  for (let i = 1; i <= count; i++) {
    rpc.add(1, sum => {
      answered++;
      if (sum === i && answered === i) inOrder++;
      if (answered === count) {
        show('answered', answered, 'in order', inOrder);
        socket.destroy();
      }
    });
  }
})();
