/** Unix sockets: paths, permissions, peer credentials, locks, the selector loop. */
@NullMarked
package io.github.autodaemon.internal.socket;

import org.jspecify.annotations.NullMarked;
