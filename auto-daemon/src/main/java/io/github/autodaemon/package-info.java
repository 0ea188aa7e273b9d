/** Background services that start themselves: a program connects, and its daemon runs. */
@NullMarked
package io.github.autodaemon;

import org.jspecify.annotations.NullMarked;
