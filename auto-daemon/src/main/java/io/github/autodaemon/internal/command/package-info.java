/** Commands: what travels between the caller's process and the daemon, and the daemon's side. */
@NullMarked
package io.github.autodaemon.internal.command;

import org.jspecify.annotations.NullMarked;
