package io.github.autodaemon.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories for sockets. */
final class Places {
    /** A socket's path has at most 106 bytes; 40 of them are for the directory's own name and the socket's. */
    private static final int MAX_PARENT_BYTES = 66;

    private Places() {}

    /** A new directory, of this user alone, in which a socket has room. */
    static Path create() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toRealPath();
        int length = parent.toString().getBytes(StandardCharsets.UTF_8).length;
        Path room = length <= MAX_PARENT_BYTES ? parent : Path.of("/tmp");
        return Files.createTempDirectory(room, "adj").toRealPath();
    }

    static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of the test cannot be deleted", e);
        }
    }
}
