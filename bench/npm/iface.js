var Duplex = require('stream').Duplex;

var sum = 0;
var block = Buffer.alloc(65536);

module.exports = function (server, stream) {
    return {
        add: function (n, cb) { cb(sum += n); },
        text: function (text, cb) { cb(text); },
        item: function (item, cb) { cb(item); },
        pid: function (cb) { cb(process.pid); },
        close: function () { server.close(); stream.destroy(); },
        bytes: function (count) {
            var sent = 0;
            return new Duplex({
                read: function () {
                    var size = Math.min(block.length, count - sent);
                    sent += size;
                    this.push(size > 0 ? block.slice(0, size) : null);
                },
                write: function (chunk, encoding, done) { done(); }
            });
        }
    };
};
