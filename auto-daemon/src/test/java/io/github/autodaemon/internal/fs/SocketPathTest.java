package io.github.autodaemon.internal.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPathTest {
    @TempDir
    Path directory;

    private static String file(String name) throws IOException {
        Path last = SocketPath.named(name).path().getFileName();
        return String.valueOf(last);
    }

    @Test
    void plainNamesAreTheirFiles() throws Exception {
        assertThat(file("counter")).isEqualTo("counter.sock");
        assertThat(file("notes-1.2_x")).isEqualTo("notes-1.2_x.sock");
    }

    @Test
    void namesNeverMeet() throws Exception {
        List<String> names = List.of(
                "a/b",
                "a_b",
                "a b",
                "../x",
                ".x",
                "_x",
                "é",
                "É",
                "x".repeat(48),
                "x".repeat(49),
                "x".repeat(50),
                "a~b");
        Set<String> files = new HashSet<>();
        for (String name : names) {
            String file = file(name);
            assertThat(file).matches("[A-Za-z0-9._~-]+").hasSizeLessThan(80).doesNotStartWith(".");
            files.add(file);
        }
        assertThat(files).hasSameSizeAs(names);
    }

    /** A cron job and a terminal must meet: two ways to a directory are one daemon. */
    @Test
    void theDirectoryIsCanonical() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        assertThat(SocketPath.at(link.resolve("s"))).isEqualTo(SocketPath.at(real.resolve("s")));
        assertThat(SocketPath.at(real.resolve("../real/s"))).isEqualTo(SocketPath.at(real.resolve("s")));
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertThatThrownBy(() -> SocketPath.at(directory.resolve("no/s")))
                .hasMessage("the directory of the socket " + directory.resolve("no/s")
                        + " does not exist; create it first, with mode 0700");
    }

    @Test
    void aPrivateDirectoryIsCreatedForThisUserOnly() throws Exception {
        Path own = directory.resolve("own");
        PrivateFiles.createPrivateDirectory(own);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        PrivateFiles.createPrivateDirectory(own);
    }

    @Test
    void aSquattedDirectoryIsRefusedAndLeftAsItIs() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> PrivateFiles.createPrivateDirectory(open))
                .hasMessageStartingWith(
                        "the directory " + open + " is not safe: its mode is 0777 and must be 0700 (chmod 700 " + open
                                + "). To use another, set XDG_RUNTIME_DIR");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
                .isEqualTo("rwxrwxrwx");

        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/tmp"));
        assertThatThrownBy(() -> PrivateFiles.createPrivateDirectory(link))
                .hasMessageContaining("it is a symbolic link and must be a directory");
    }

    @Test
    void aSmallFileIsReplacedInOneStep() throws Exception {
        Path file = directory.resolve("info");
        PrivateFiles.replace(file, "one");
        PrivateFiles.replace(file, "two");
        assertThat(PrivateFiles.readIfOwn(file, 100)).isEqualTo("two");
        assertThat(PrivateFiles.readIfOwn(file, 2)).isNull();
        assertThat(PrivateFiles.readIfOwn(directory.resolve("none"), 100)).isNull();
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }
}
