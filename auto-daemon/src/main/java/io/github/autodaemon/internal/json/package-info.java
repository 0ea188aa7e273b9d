/** JSON text to values and back, and types. */
@NullMarked
package io.github.autodaemon.internal.json;

import org.jspecify.annotations.NullMarked;
