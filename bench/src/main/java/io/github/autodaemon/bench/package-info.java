/** Measurements: each beside a peer, in one run, since only the ratio means something on another machine. */
package io.github.autodaemon.bench;
