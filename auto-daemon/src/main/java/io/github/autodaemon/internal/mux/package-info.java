/** The wire format: frames and the channels of one connection. */
@NullMarked
package io.github.autodaemon.internal.mux;

import org.jspecify.annotations.NullMarked;
