/** Runs any {@code main} in a daemon. */
@NullMarked
package io.github.autodaemon.warm;

import org.jspecify.annotations.NullMarked;
