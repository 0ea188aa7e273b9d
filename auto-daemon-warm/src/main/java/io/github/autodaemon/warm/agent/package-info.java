/** What the rewritten classes of the JDK call. The boot loader has these classes, so they use the JDK only. */
package io.github.autodaemon.warm.agent;
