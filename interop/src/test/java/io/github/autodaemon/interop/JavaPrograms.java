package io.github.autodaemon.interop;

import java.nio.file.Path;

/** Shell text that runs Java programs with the class path of these tests. */
final class JavaPrograms {
    private JavaPrograms() {}

    /** The command that runs a class. */
    static String command(String mainClass) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return "'" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + System.getProperty("java.class.path")
                + "' " + mainClass;
    }

    /** A program to be named in {@code opts.execPath}: it runs the Java daemon. */
    static String launcher() {
        return "#!/bin/sh\nexec " + command("io.github.autodaemon.internal.daemon.DaemonMain") + " \"$@\"\n";
    }
}
