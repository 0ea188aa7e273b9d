// Bytes that are easily made and easily checked: the byte at position n is n modulo 251, a prime.
'use strict';

module.exports = function (from, size) {
  const bytes = Buffer.allocUnsafe(size);
  for (let i = 0; i < size; i++) bytes[i] = (from + i) % 251;
  return bytes;
};
