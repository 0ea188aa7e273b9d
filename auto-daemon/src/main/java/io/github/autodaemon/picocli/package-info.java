/** Programs that read their arguments with picocli, which is an optional dependency. */
@NullMarked
package io.github.autodaemon.picocli;

import org.jspecify.annotations.NullMarked;
