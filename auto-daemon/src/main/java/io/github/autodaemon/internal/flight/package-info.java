/** Events for the JVM's flight recorder (JFR), and whether it is in use. Knows texts and numbers only. */
@NullMarked
package io.github.autodaemon.internal.flight;

import org.jspecify.annotations.NullMarked;
