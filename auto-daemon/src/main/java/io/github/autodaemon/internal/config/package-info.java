/** The data of a description, and the order to a daemon when it is started. */
@NullMarked
package io.github.autodaemon.internal.config;

import org.jspecify.annotations.NullMarked;
