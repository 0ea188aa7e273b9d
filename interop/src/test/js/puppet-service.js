// A service for npm's own daemon: the test moves its end of each stream through the socket that the argument names.
'use strict';
const { Duplex } = require('stream');
const puppet = require('./puppet');

// Two ends joined in memory: what npm's code pipes, and what the test moves.
class End extends Duplex {
  constructor () {
    // The other end may not have read everything when this one is done.
    super({ autoDestroy: false });
    this.other = null;
    this.room = null;
  }

  _read () {
    const room = this.room;
    this.room = null;
    if (room !== null) room();
  }

  _write (chunk, encoding, done) {
    if (this.other.push(chunk)) done();
    else this.other.room = done;
  }

  _final (done) {
    this.other.push(null);
    done();
  }

  // Without the error: nobody listens for errors of what npm's code pipes, and it would end the daemon.
  _destroy (error, done) {
    done(error);
    this.other.destroy();
  }
}

module.exports = (server, connection, [control]) => ({
  ping: (n, done) => done(n),
  open: () => {
    const served = new End();
    const moved = new End();
    served.other = moved;
    moved.other = served;
    puppet(moved, control);
    return served;
  }
});
