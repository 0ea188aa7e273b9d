/** The client: finds the daemon, starts it, waits for its word, connects. */
@NullMarked
package io.github.autodaemon.internal.client;

import org.jspecify.annotations.NullMarked;
