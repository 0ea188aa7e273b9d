/** Files, directories, locks, users and processes. */
@NullMarked
package io.github.autodaemon.internal.fs;

import org.jspecify.annotations.NullMarked;
