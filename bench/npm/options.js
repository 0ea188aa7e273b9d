// What all commands here tell npm's auto-daemon.
var path = require('path');

exports.autod = require(path.join(path.resolve(process.argv[2]), 'auto-daemon'));
exports.opts = {
    rpcfile: path.join(__dirname, 'iface.js'),
    sockfile: process.argv[3],
    methods: ['add', 'text', 'item', 'pid', 'bytes:s', 'close']
};
