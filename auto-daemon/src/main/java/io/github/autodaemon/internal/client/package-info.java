/** A connection as its client sees it: calls, futures, and who reads the answers. */
@NullMarked
package io.github.autodaemon.internal.client;

import org.jspecify.annotations.NullMarked;
