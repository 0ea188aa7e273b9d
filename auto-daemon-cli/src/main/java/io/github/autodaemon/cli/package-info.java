/** The command {@code autod}. */
@org.jspecify.annotations.NullMarked
package io.github.autodaemon.cli;
