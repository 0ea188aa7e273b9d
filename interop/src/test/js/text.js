// A large text, made of the given characters, there and back.
'use strict';
const { connect, call, show } = require('./client');

(async () => {
  const { rpc, socket } = await connect();
  const text = process.argv[3].repeat(Number(process.argv[4]));
  show('length there', ...await call(rpc, 'length', text), 'here', text.length);
  const [back] = await call(rpc, 'echo', text);
  show('same', back === text);
  socket.destroy();
})();
