package io.github.autodaemon.examples.counter;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** What is on the class path, as jars: in a build some of it is directories. */
final class Jars {
    private Jars() {}

    /** Writes all classes of the directory or jar that {@code type} is in. */
    static void write(Class<?> type, Path jar) throws Exception {
        Path from =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(from)) {
            Files.copy(from, jar);
            return;
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> classes = Files.walk(from)) {
            for (Path one : classes.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(from.relativize(one).toString()));
                Files.copy(one, out);
                out.closeEntry();
            }
        }
    }
}
