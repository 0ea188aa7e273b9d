package io.github.autodaemon.internal.startup;

import java.io.IOException;
import java.nio.file.Path;

/** Makes the archives of a command that has no daemon; its start script runs it in the background. */
final class ArchiveMain {
    private ArchiveMain() {}

    /**
     * Makes the requested archives in {@code args[0]}, a directory below {@code args[1]}, for this JVM and this class
     * path.
     */
    public static void main(String[] args) throws IOException {
        ArchiveMaker maker = new ArchiveMaker(System.err::println);
        maker.addCommands(
                Path.of(args[0]),
                Archive.ownJava(),
                Archive.ownClassPath(),
                Collector.ofThisJvm().name(),
                args.length > 1 ? Path.of(args[1]) : null);
        maker.finish();
    }
}
