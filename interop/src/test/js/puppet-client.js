// Opens a stream whose end the test moves through the socket it names.
'use strict';
const { connect } = require('./client');
const puppet = require('./puppet');

(async () => {
  const { rpc } = await connect();
  puppet(rpc.open(), process.argv[3]);
})();
