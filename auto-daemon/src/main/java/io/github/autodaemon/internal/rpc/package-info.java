/** Calls, replies, errors and JSON on top of {@code mux}. */
@NullMarked
package io.github.autodaemon.internal.rpc;

import org.jspecify.annotations.NullMarked;
