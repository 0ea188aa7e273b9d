/** For tools: the daemons of this user, whatever program they belong to. */
@NullMarked
package io.github.autodaemon.admin;

import org.jspecify.annotations.NullMarked;
