/** The smallest useful daemon: a number that grows. */
package io.github.autodaemon.examples.counter;
