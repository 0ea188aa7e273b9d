// node server.js MODULES SOCKET: starts npm's daemon, says so, and ends it when the standard input ends.
var npm = require('./options.js');

npm.autod(npm.opts, function (err, r, c) {
    if (err) {
        console.error(err);
        process.exit(1);
    }
    r.pid(function (pid) {
        console.log('ready ' + pid);
        process.stdin.on('end', function () {
            r.close();
            (function wait() {
                try {
                    process.kill(pid, 0);
                    setTimeout(wait, 5);
                } catch (gone) {
                    process.exit(0);
                }
            })();
        });
        process.stdin.resume();
    });
});
