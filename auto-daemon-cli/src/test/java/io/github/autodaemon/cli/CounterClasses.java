package io.github.autodaemon.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the example's classes are: a directory in a build, or its jar. */
final class CounterClasses {
    private CounterClasses() {}

    static Path path() throws URISyntaxException {
        return Path.of(io.github.autodaemon.examples.counter.CounterService.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
