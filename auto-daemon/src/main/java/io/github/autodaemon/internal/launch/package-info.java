/** Look, lock, spawn, greet: the client's side of the life cycle. */
@NullMarked
package io.github.autodaemon.internal.launch;

import org.jspecify.annotations.NullMarked;
