/** Sessions: requests and replies, hellos, errors. */
@NullMarked
package io.github.autodaemon.internal.rpc;

import org.jspecify.annotations.NullMarked;
