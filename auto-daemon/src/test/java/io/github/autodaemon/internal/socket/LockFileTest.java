package io.github.autodaemon.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
    @TempDir
    Path directory;

    @Test
    void oneHolderInThisProcess() throws Exception {
        Path file = directory.resolve("lock");
        try (LockFile held = LockFile.tryAcquire(file)) {
            assertThat(held).isNotNull();
            assertThat(LockFile.tryAcquire(file)).isNull();
        }
        try (LockFile again = LockFile.tryAcquire(file)) {
            assertThat(again).isNotNull();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void oneHolderAmongProcesses() throws Exception {
        Path file = directory.resolve("lock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThat(LockFile.tryAcquire(file)).isNull();
            other.getOutputStream().close();
            other.waitFor();
        }
        try (LockFile free = LockFile.tryAcquire(file)) {
            assertThat(free).isNotNull();
        }
    }

    /** Another process: takes the lock, says so, and keeps it until its standard input ends. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            LockFile held = LockFile.tryAcquire(Path.of(args[0]));
            System.out.println(held == null ? "not held" : "held");
            while (System.in.read() >= 0) {
                // Until the end.
            }
        }
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path target = directory.resolve("target");
        Path link = directory.resolve("lock");
        Files.createSymbolicLink(link, target);
        assertThatThrownBy(() -> LockFile.tryAcquire(link)).hasMessageContaining("it is a symbolic link");
        assertThat(target).doesNotExist();
    }
}
