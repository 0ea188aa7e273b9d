package io.github.autodaemon.internal.startup;

import java.util.List;

/**
 * The archives that a daemon is to make: its own, and the archives of the command that has started it.
 *
 * @param root the directory of all archives; empty when it is not known
 * @param directory the directory of this program's archives
 * @param daemon name of the daemon's archive
 * @param daemonJava the program that runs the daemon
 * @param daemonClassPath the daemon's class path
 * @param java the program that runs the command
 * @param classPath the command's class path
 * @param collector of the command's JVM
 * @param daemonModules options of the daemon's JVM that change modules
 */
public record ArchiveOrder(
        String root,
        String directory,
        String daemon,
        String daemonJava,
        String daemonClassPath,
        String java,
        String classPath,
        String collector,
        List<String> daemonModules) {}
