/** What the library is measured beside: the same service with gRPC, LSP4J and RMI, each over a Unix socket. */
package io.github.autodaemon.bench.peers;
