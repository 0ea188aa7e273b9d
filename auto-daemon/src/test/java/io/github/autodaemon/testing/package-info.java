/** What the tests of all modules share: directories of their own, and processes that are to end with them. */
@NullMarked
package io.github.autodaemon.testing;

import org.jspecify.annotations.NullMarked;
