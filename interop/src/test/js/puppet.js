// One end of a stream, moved by the test: it sends a command a line, "ID VERB ARGUMENT", and gets a line for each.
'use strict';
const net = require('net');
const readline = require('readline');

module.exports = function (stream, control) {
  const socket = net.connect(control);
  const reads = [];
  const writes = [];
  let rest = Buffer.alloc(0);
  let ended = false;
  let ignored = false;
  let failure = null;

  const answer = (id, ...words) => socket.write([id, ...words].join(' ') + '\n');

  const take = () => {
    while (rest.length === 0 || ignored) {
      const chunk = stream.read();
      if (chunk === null) return;
      rest = chunk;
    }
  };
  const serveReads = () => {
    if (failure === null && !ended) take();
    while (reads.length > 0) {
      if (failure !== null) {
        answer(reads.shift().id, 'error', failure);
      } else if (rest.length > 0) {
        const { id, count } = reads.shift();
        const bytes = rest.subarray(0, count);
        rest = rest.subarray(bytes.length);
        answer(id, 'bytes', bytes.toString('base64'));
        if (!ended) take();
      } else if (ended) {
        answer(reads.shift().id, 'end');
      } else {
        return;
      }
    }
  };
  const serveWrites = () => {
    for (const id of writes.splice(0)) failure === null ? answer(id, 'done') : answer(id, 'error', failure);
  };
  const fail = message => {
    if (failure === null) failure = message;
    serveReads();
    serveWrites();
  };
  stream.on('readable', serveReads);
  stream.on('end', () => {
    ended = true;
    serveReads();
  });
  stream.on('drain', serveWrites);
  stream.on('error', error => fail(error.message));
  stream.on('close', () => { if (!ended) fail('closed'); });

  const verbs = {
    read: (id, count) => {
      reads.push({ id, count: Number(count) });
      serveReads();
    },
    write: (id, base64) => {
      writes.push(id);
      if (failure !== null || stream.write(Buffer.from(base64, 'base64'))) serveWrites();
    },
    end: id => {
      stream.end();
      answer(id, 'done');
    },
    // Node has no way to close the readable half alone.
    ignore: id => {
      ignored = true;
      serveReads();
      answer(id, 'done');
    },
    destroy: (id, ...reason) => {
      stream.destroy(new Error(reason.join(' ')));
      answer(id, 'done');
    }
  };
  readline.createInterface({ input: socket }).on('line', line => {
    const [id, verb, ...words] = line.split(' ');
    verbs[verb](id, ...words);
  });
};
