/** The daemon's process: its main, its service, its shutdown. */
@NullMarked
package io.github.autodaemon.internal.daemon;

import org.jspecify.annotations.NullMarked;
