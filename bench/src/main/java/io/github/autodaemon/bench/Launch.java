package io.github.autodaemon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class with its class path and arguments, that can be given an archive of the classes that it loads. */
record Launch(String classPath, String main, List<String> args) {
    List<String> command(List<String> flags) {
        return Programs.java(flags, classPath, main, args);
    }

    /**
     * Runs it once to make the archive, as the JDK recommends: of classes alone up to 24, an AOT cache from 25.
     *
     * @return the command line that uses it
     */
    List<String> archived(Path archive, List<String> flags) throws IOException {
        boolean cache = Programs.jdk() >= 25;
        Timed.run(command(plus(flags, (cache ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive)));
        if (!Files.exists(archive)) {
            throw new IOException("the JVM has not written " + archive + " for " + main);
        }
        return command(plus(flags, (cache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive));
    }

    static List<String> plus(List<String> flags, String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return all;
    }
}
