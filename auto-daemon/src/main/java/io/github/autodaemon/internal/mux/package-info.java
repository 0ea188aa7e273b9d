/** The wire format: frames, channels and byte streams. Knows bytes only. */
@NullMarked
package io.github.autodaemon.internal.mux;

import org.jspecify.annotations.NullMarked;
