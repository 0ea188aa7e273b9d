// node cmd.js MODULES SOCKET add N | pid | close: what ./counter does, with the npm package.
var path = require('path');
var autod = require(path.join(path.resolve(process.argv[2]), 'auto-daemon'));

var opts = {
    rpcfile: path.join(__dirname, 'iface.js'),
    sockfile: process.argv[3],
    methods: ['add', 'pid', 'close']
};
var cmd = process.argv[4];

autod(opts, function (err, r, c) {
    if (err) {
        console.error(err);
        process.exit(1);
    }
    if (cmd === 'close') {
        r.close();
        return;
    }
    function done(res) {
        console.log(res);
        c.destroy();
    }
    if (cmd === 'add') r.add(Number(process.argv[5]), done);
    else r.pid(done);
});
