/** For tools: the daemons of this user, of all programs. */
@NullMarked
package io.github.autodaemon.admin;

import org.jspecify.annotations.NullMarked;
