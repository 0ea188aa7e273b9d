/** Class-data archives: what a JVM has loaded, kept for the next one that starts in the same way. */
@NullMarked
package io.github.autodaemon.internal.archive;

import org.jspecify.annotations.NullMarked;
