// npm's client, connected to a daemon that runs already.
'use strict';
const autod = require('auto-daemon');
const crypto = require('crypto');
const pattern = require('./pattern');

const METHODS = [
  'add', 'echo', 'length', 'fail', 'refuse', 'later', 'failLater', 'never', 'post', 'args', 'pid', 'close', 'collected',
  'absent', 'toString', 'constructor', 'hasOwnProperty', '__proto__', '__defineGetter__',
  'mirror:s', 'digest:s', 'bytes:s', 'collect:s', 'broken:s', 'missing:s', 'stuck:s', 'source:s', 'open:s'
];

exports.socketPath = process.argv[2];

// A daemon that does not run is not started: there is nothing to start it with.
exports.connect = function () {
  return new Promise((resolve, reject) => {
    const options = {
      sockfile: exports.socketPath,
      rpcfile: 'none',
      execPath: '/bin/false',
      methods: METHODS
    };
    autod(options, (error, rpc, socket) => error ? reject(error) : resolve({ rpc, socket }));
  });
};

// The arguments of the callback.
exports.call = function (rpc, name, ...args) {
  return new Promise(resolve => rpc[name](...args, (...answer) => resolve(answer)));
};

// One line; an error becomes an object with its message and properties.
exports.show = function (...values) {
  console.log(values.map(value =>
    JSON.stringify(value instanceof Error ? { error: value.message, ...value } : value)).join(' '));
};

// Everything a stream gives.
exports.readAll = function (stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    stream.on('data', chunk => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
  });
};

// The SHA-256 of everything a stream gives.
exports.digest = function (stream) {
  return new Promise((resolve, reject) => {
    const hash = crypto.createHash('sha256');
    stream.on('data', chunk => hash.update(chunk));
    stream.on('end', () => resolve(hash.digest('hex')));
    stream.on('error', reject);
  });
};

// Writes so many bytes of the pattern, as fast as the stream takes them, and ends it.
exports.writePattern = function (stream, count) {
  let sent = 0;
  const more = () => {
    while (sent < count) {
      const size = Math.min(65536, count - sent);
      const ready = stream.write(pattern(sent, size));
      sent += size;
      if (!ready) {
        stream.once('drain', more);
        return;
      }
    }
    stream.end();
  };
  more();
};

// Runs when the test sends a line.
exports.whenTold = function (action) {
  process.stdin.once('data', () => {
    process.stdin.destroy();
    action();
  });
};
