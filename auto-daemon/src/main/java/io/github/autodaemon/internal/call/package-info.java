/** Methods of an interface as calls, on both sides: the plan, the proxy, the dispatcher, sequences. */
@NullMarked
package io.github.autodaemon.internal.call;

import org.jspecify.annotations.NullMarked;
