// npm's client starts a daemon, or finds one: SOCKET EXECPATH RPCFILE AUTOCLOSE ARGS...
'use strict';
const autod = require('auto-daemon');
const { show, whenTold } = require('./client');

const [sockfile, execPath, rpcfile, autoclose, ...args] = process.argv.slice(2);
const options = {
  sockfile, rpcfile, execPath, args, autoclose: autoclose === 'true', methods: ['add', 'args', 'pid']
};
const daemon = autod(options, (error, rpc, socket) => {
  if (error) {
    show('failed', error.message);
    return;
  }
  rpc.args(given => rpc.pid(pid => rpc.add(1, sum => {
    show('pid', pid);
    show('args', given, 'sum', sum);
    whenTold(() => socket.destroy());
  })));
});
daemon.on('process', process => show('spawned', process.pid));
