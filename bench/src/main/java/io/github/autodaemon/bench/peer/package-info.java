/** What runs in the processes that are measured: raw Java's side, our own, and the driver that makes a client work. */
package io.github.autodaemon.bench.peer;
