// The service of the tests, for npm's own daemon.
'use strict';
const crypto = require('crypto');
const { Duplex, PassThrough, Readable, Transform } = require('stream');
const pattern = require('./pattern');

let sum = 0;
let collected = Promise.resolve(0);

module.exports = function (server, connection, args) {
  return {
    add: (n, cb) => cb(sum += n),
    echo: (value, cb) => cb(value),
    length: (text, cb) => cb(text.length),
    fail: message => { throw Object.assign(new Error(message), { code: 'EBOOM', errno: -5, at: { line: 3 } }); },
    failPlainly: () => { throw 'a plain text'; },
    later: (text, cb) => setImmediate(cb, text),
    failLater: (message, cb) => setImmediate(cb, new Error(message)),
    never: () => {},
    post: (letter, cb) => cb(letter.user + ': ' + letter.message),
    letter: cb => cb({ message: 'a result with a message', user: 'al' }),
    errorFirst: (value, cb) => cb(null, value),
    failErrorFirst: (message, cb) => cb(new Error(message)),
    twice: (value, cb) => {
      cb(value);
      throw new Error('after the answer');
    },
    several: cb => cb(1, 2, 3),
    nothing: cb => cb(),
    args: cb => cb(args || []),
    pid: cb => cb(process.pid),
    close: () => {
      server.close();
      connection.destroy();
    },

    mirror: () => new PassThrough(),
    digest: () => {
      const hash = crypto.createHash('sha256');
      return new Transform({
        transform: (chunk, encoding, done) => {
          hash.update(chunk);
          done();
        },
        flush: done => done(null, hash.digest('hex'))
      });
    },
    bytes: count => {
      let sent = 0;
      // Not a Readable: npm's daemon ends when a client writes to one, or ends it.
      return new Duplex({
        read () {
          const size = Math.min(65536, count - sent);
          this.push(size > 0 ? pattern(sent, size) : null);
          sent += size;
        },
        write: (chunk, encoding, done) => done()
      });
    },
    collect: () => {
      let count = 0;
      let finished;
      collected = new Promise(resolve => { finished = resolve; });
      return new Duplex({
        read () { this.push(null); },
        write: (chunk, encoding, done) => {
          count += chunk.length;
          done();
        },
        final: done => {
          finished(count);
          done();
        }
      });
    },
    collected: cb => { collected.then(cb); },
    broken: () => { throw new Error('no stream'); },
    readable: () => Readable.from([Buffer.from('read')])
  };
};
