/** Tests against npm's own code, in node processes of its own, and against hostile peers on real sockets. */
package io.github.autodaemon.interop;
