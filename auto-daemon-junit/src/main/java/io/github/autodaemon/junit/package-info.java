/** For tests: a service in this process or in a daemon of the test's own, and a client that is connected to it. */
@NullMarked
package io.github.autodaemon.junit;

import org.jspecify.annotations.NullMarked;
