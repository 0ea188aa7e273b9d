/** Clients and daemons under random faults, and an oracle that looks after every step. */
@NullMarked
package io.github.autodaemon.chaos;

import org.jspecify.annotations.NullMarked;
