/** The event loop, sockets, and streams on sockets of their own. */
@NullMarked
package io.github.autodaemon.internal.net;

import org.jspecify.annotations.NullMarked;
