/** Class-data archives and the start script. */
@NullMarked
package io.github.autodaemon.internal.startup;

import org.jspecify.annotations.NullMarked;
