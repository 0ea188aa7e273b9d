// Runs one command in a daemon, as docs/protocol.md says (section 7): SOCKET ARGS... FRONT_DEV is a lie about the directory.
'use strict';
const fs = require('fs');
const net = require('net');

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };
const [path, ...args] = process.argv.slice(2);
const { dev, ino } = fs.statSync(process.cwd());
const command = {
  args, name: 'front', cwd: process.cwd(), dev: Number(process.env.FRONT_DEV || dev), ino, env: process.env,
  tty: [0, 0, 0], size: [0, 0], umask: process.umask(), pid: process.pid
};

// A file is read by position, since node cannot set its offset back; at the end the offset moves over what was used.
const isFile = fs.fstatSync(0).isFile();
let position = isFile ? Number(/pos:\s*(\d+)/.exec(fs.readFileSync('/proc/self/fdinfo/0'))[1]) : null;

let bytes = Buffer.alloc(0);
let control = -1;
let line = '';
let asked = false;
let take = frame;
const sent = new Set();
const socket = net.createConnection({ path });
socket.on('data', data => {
  bytes = Buffer.concat([bytes, data]);
  while (take());
});
socket.on('error', error => end(125, error.message));
socket.on('end', () => take === frame ? end(111, 'not run, the connection has ended')
  : end(125, 'the connection was lost; the command may have run'));

function end(code, message) {
  if (message) fs.writeSync(2, `front: ${message}\n`);
  process.exit(code);
}

// The number at an offset and the offset behind it; no number when it has not come.
function varint(at) {
  for (let value = 0, factor = 1, i = at; i < bytes.length; i++, factor *= 128) {
    value += (bytes[i] & 0x7f) * factor;
    if (bytes[i] < 0x80) return [value, i + 1];
  }
  return [undefined, at];
}

function frame() {
  const [header, next] = varint(0);
  const [length, begin] = varint(next);
  if (header === undefined || length === undefined || bytes.length < begin + length) return false;
  const payload = bytes.subarray(begin, begin + length);
  const channel = Math.floor(header / 8);
  bytes = bytes.subarray(begin + length);
  if (header % 8 === 0 && (payload.toString() || String(channel)) === '0') control = channel;
  if (header % 8 === 2 && channel === control) {
    line += payload.toString('latin1');
    const lines = line.split('\n');
    line = lines.pop();
    lines.forEach(text => said(JSON.parse(Buffer.from(text, 'latin1'))));
  }
  return true;
}

function said(message) {
  if (message[0] === 'hello' && !asked) {
    const request = Buffer.from(JSON.stringify(['command', [command], 2]) + '\n');
    const length = [];
    for (let rest = request.length; ; rest >>= 7) {
      length.push(rest > 0x7f ? rest & 0x7f | 0x80 : rest);
      if (rest <= 0x7f) break;
    }
    socket.write(Buffer.concat([Buffer.from([0, 0, 2, ...length]), request]));
    asked = true;
  } else if (message.length === 2 && message[1] === 2) {
    if (message[0][0] !== null) end(111, `not run: ${JSON.stringify(message[0][0])}`);
    take = piece;
    Object.keys(SIGNALS).forEach(name => process.on(name, () => signalled(name)));
  }
}

function send(type, data) {
  const header = Buffer.alloc(5, type);
  header.writeUInt32BE(data.length, 1);
  socket.write(Buffer.concat([header, data]));
}

function signalled(name) {
  if (sent.has(name)) die(name);
  sent.add(name);
  send(2, Buffer.from([SIGNALS[name]]));
}

function die(name) {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

function piece() {
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt32BE(1)) return false;
  const type = bytes[0];
  const data = bytes.subarray(5, 5 + bytes.readUInt32BE(1));
  bytes = bytes.subarray(5 + data.length);
  if (type === 1 || type === 2) write(type, data);
  else if (type === 3) read(data.readUInt32BE(0));
  else if (type === 5) sent.clear();
  else if (type === 9) exit(data[0], data[1], Number(data.readBigUInt64BE(2)));
  else if (type !== 4) end(125, `the daemon sent a piece of type ${type}; the command may have run`);
  return true;
}

function write(descriptor, data) {
  try {
    for (let at = 0; at < data.length;) at += fs.writeSync(descriptor, data, at);
  } catch (error) {
    send(4, Buffer.from([descriptor, -error.errno]));
  }
}

// Node ends only when this read has, be it that the command ends before.
function read(most) {
  fs.read(0, Buffer.alloc(Math.min(most, 65536)), 0, Math.min(most, 65536), position, (error, count, data) => {
    if (isFile && !error) position += count;
    send(1, error ? Buffer.alloc(0) : data.subarray(0, count));
  });
}

function exit(code, signal, used) {
  for (let left = isFile ? used : 0; left > 0;) {
    const count = fs.readSync(0, Buffer.alloc(Math.min(left, 65536)));
    left -= count || left;
  }
  const name = Object.keys(SIGNALS).find(key => SIGNALS[key] === signal);
  if (name) die(name);
  else end(code);
}
