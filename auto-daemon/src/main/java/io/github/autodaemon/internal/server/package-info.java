/** The daemon: accepts connections, counts references, runs calls, retires. */
@NullMarked
package io.github.autodaemon.internal.server;

import org.jspecify.annotations.NullMarked;
