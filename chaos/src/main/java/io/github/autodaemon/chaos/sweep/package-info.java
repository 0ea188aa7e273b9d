/** One race at a time, very often. */
@org.jspecify.annotations.NullMarked
package io.github.autodaemon.chaos.sweep;
