var sum = 0;

module.exports = function (server, stream) {
    return {
        add: function (n, cb) { cb(sum += n); },
        pid: function (cb) { cb(process.pid); },
        close: function () { server.close(); stream.destroy(); }
    };
};
