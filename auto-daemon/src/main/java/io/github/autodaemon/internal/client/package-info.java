/** A connection on the client's side: calls, futures, and the threads that read the answers. */
@NullMarked
package io.github.autodaemon.internal.client;

import org.jspecify.annotations.NullMarked;
