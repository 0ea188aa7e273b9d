package io.github.autodaemon.internal.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        Process other = holder(file);
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

    private static Process holder(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void anotherProcessFindsIt(String what, Path file) throws Exception {
        Process other = holder(file);
        try (var said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo(what);
            other.getOutputStream().close();
            other.waitFor();
        }
    }

    /** Extensions of JUnit set the properties to a copy, and afterwards to what they were. */
    @Test
    void theSystemPropertiesMayBeReplacedMeanwhile() throws Exception {
        Path file = directory.resolve("lock");
        Path second = directory.resolve("second");
        Properties before = System.getProperties();
        LockFile taken;
        try (LockFile held = LockFile.tryAcquire(file)) {
            System.setProperties(new Properties(before));
            assertThat(held).isNotNull();
            assertThat(LockFile.tryAcquire(file)).isNull();
            anotherProcessFindsIt("not held", file);
            taken = LockFile.tryAcquire(second);
        } finally {
            System.setProperties(before);
        }
        try (LockFile again = LockFile.tryAcquire(file)) {
            assertThat(again).isNotNull();
        }
        assertThat(taken).isNotNull();
        assertThat(LockFile.tryAcquire(second)).isNull();
        anotherProcessFindsIt("not held", second);
        Objects.requireNonNull(taken).close();
        anotherProcessFindsIt("held", second);
    }

    /** Two copies of this library in one JVM, as two plug-ins have them. */
    @Test
    void oneHolderAmongClassLoaders() throws Exception {
        Path file = directory.resolve("lock");
        URL classes = LockFile.class.getProtectionDomain().getCodeSource().getLocation();
        try (var loader = new URLClassLoader(
                new URL[] {classes}, getClass().getClassLoader().getParent())) {
            Method acquire = loader.loadClass(LockFile.class.getName()).getMethod("tryAcquire", Path.class);
            assertThat(acquire.getDeclaringClass()).isNotEqualTo(LockFile.class);
            try (LockFile held = LockFile.tryAcquire(file)) {
                assertThat(held).isNotNull();
                assertThat(acquire.invoke(null, file)).isNull();
                anotherProcessFindsIt("not held", file);
            }
            try (AutoCloseable other = (AutoCloseable) acquire.invoke(null, file)) {
                assertThat(other).isNotNull();
                assertThat(LockFile.tryAcquire(file)).isNull();
                anotherProcessFindsIt("not held", file);
            }
        }
        anotherProcessFindsIt("held", file);
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

    /** File systems number their files alike. */
    @ParameterizedTest
    @CsvSource({
        // Device 254:1, as stat(2) has it, and 8:0x102, whose minor number is above a byte.
        "0xfe01, 42, fe:01:42, 11",
        "0x100802, 42, 08:102:42, 11",
        "0xfe01, 42, fe:02:42, 0",
        "0xfe01, 42, fe:01:142, 0",
        "0xfe01, 42, 00:21:42, 0",
        // Without a device of their own the two numbers need not be the same.
        "0x2f, 42, 00:21:42, 11",
        "0x2f, 42, 00:2f:42, 11",
        "0x2f, 42, fe:01:42, 0",
    })
    void aHolderIsTheOneOfALockOnThisFile(String device, long inode, String place, long holder) {
        List<String> locks = List.of(
                "1: POSIX  ADVISORY  WRITE 7 fe:0a:42 0 EOF",
                "2: POSIX  ADVISORY  WRITE 11 " + place + " 0 EOF",
                "2: -> POSIX  ADVISORY  WRITE 12 " + place + " 0 EOF");
        assertThat(LockFile.holder(locks, Long.decode(device), inode)).isEqualTo(holder);
    }

    @Test
    void ofTwoThatMayBeMeantNoneIsNamed() {
        List<String> locks =
                List.of("1: POSIX  ADVISORY  WRITE 7 00:21:42 0 EOF", "2: POSIX  ADVISORY  WRITE 11 00:22:42 0 EOF");
        assertThat(LockFile.holder(locks, 0x2f, 42)).isZero();
        assertThat(LockFile.holder(locks, 0x22, 42)).isEqualTo(11);
    }

    @Test
    void aHolderIsFoundByThisSystemsOwnNumbers() throws Exception {
        Path file = directory.resolve("lock");
        try (LockFile held = LockFile.tryAcquire(file)) {
            assertThat(held).isNotNull();
            assertThat(LockFile.holder(file)).isEqualTo(ProcessHandle.current().pid());
        }
        assertThat(LockFile.holder(file)).isZero();
    }
}
