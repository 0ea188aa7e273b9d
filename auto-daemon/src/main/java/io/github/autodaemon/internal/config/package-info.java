/** What a description says, and what a daemon is told when it is started. */
@NullMarked
package io.github.autodaemon.internal.config;

import org.jspecify.annotations.NullMarked;
