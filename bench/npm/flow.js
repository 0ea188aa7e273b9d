// node flow.js MODULES SOCKET read COUNT | close: reads a stream of npm's daemon and prints how many milliseconds it took.
var path = require('path');
var autod = require(path.join(path.resolve(process.argv[2]), 'auto-daemon'));

var opts = {
    rpcfile: path.join(__dirname, 'iface.js'),
    sockfile: process.argv[3],
    methods: ['bytes:s', 'close']
};

autod(opts, function (err, r, c) {
    if (err) {
        console.error(err);
        process.exit(1);
    }
    if (process.argv[4] === 'close') {
        r.close();
        return;
    }
    var count = 0;
    var began = process.hrtime.bigint();
    var stream = r.bytes(Number(process.argv[5]));
    stream.on('data', function (chunk) { count += chunk.length; });
    stream.on('end', function () {
        console.log(Number(process.hrtime.bigint() - began) / 1e6);
        c.destroy();
        if (count !== Number(process.argv[5])) process.exitCode = 1;
    });
});
