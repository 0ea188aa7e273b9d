// node driver.js MODULES SOCKET: the twin of Driver.java; told what to do line by line, answers with figures.
var readline = require('readline');
var npm = require('./options.js');

var QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

function nanos() { return process.hrtime.bigint(); }

npm.autod(npm.opts, function (err, r, c) {
    if (err) {
        console.error(err);
        process.exit(1);
    }

    function calls(count, done) {
        var times = new Float64Array(count);
        var i = 0;
        (function next() {
            var began = nanos();
            r.add(i, function () {
                times[i++] = Number(nanos() - began);
                if (i < count) return next();
                times.sort();
                done(QUANTILES.map(function (q) { return times[Math.min(count - 1, Math.floor(q * count))]; }).join(' '));
            });
        })();
    }

    function pipelined(count, outstanding, done) {
        var began = nanos();
        var sent = 0;
        var answered = 0;
        function send() { r.add(sent++, reply); }
        function reply() {
            if (++answered === count) return done(nanos() - began);
            if (sent < count) send();
        }
        while (sent < Math.min(outstanding, count)) send();
    }

    // No threads here: as many callbacks.
    function threads(count, outstanding, done) {
        pipelined(count - count % outstanding, outstanding, done);
    }

    function items(count, done) {
        var i = 0;
        var began = nanos();
        (function next() {
            var item = {
                id: i, name: 'item ' + i, price: i / 8, sold: i % 2 === 0, count: i % 100,
                kind: i % 3 === 0 ? 'PART' : 'TOOL', tags: ['new', 'blue'], sizes: [i, 2 * i, 3 * i]
            };
            r.item(item, function (back) {
                if (back.id !== i) return done('failed: another item came back');
                if (++i < count) return next();
                done(nanos() - began);
            });
        })();
    }

    function text(size, count, done) {
        var given = 'x'.repeat(size);
        var i = 0;
        var began = nanos();
        (function next() {
            r.text(given, function (back) {
                if (back.length !== size) return done('failed: ' + back.length + ' characters came of ' + size);
                if (++i < count) return next();
                done(nanos() - began);
            });
        })();
    }

    function bytes(count, done) {
        var came = 0;
        var began = nanos();
        var stream = r.bytes(count);
        stream.on('data', function (chunk) { came += chunk.length; });
        stream.on('end', function () {
            stream.end();
            if (came !== count) return done('failed: ' + came + ' bytes came of ' + count);
            done(nanos() - began);
        });
    }

    var commands = { calls: calls, pipelined: pipelined, threads: threads, items: items, text: text, bytes: bytes };
    var lines = readline.createInterface({ input: process.stdin });
    lines.on('line', function (line) {
        var words = line.split(' ');
        var command = commands[words[0]];
        function done(answer) { console.log(String(answer)); }
        if (!command) return done('failed: has no ' + words[0]);
        command.apply(null, words.slice(1).map(Number).concat(done));
    });
    lines.on('close', function () { c.destroy(); });
    console.log('ready ' + process.pid);
});
