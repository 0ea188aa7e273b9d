package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The system refuses something once during a start: strace(1) has it fail. The message names the file, nothing hangs, and the next
 * start works. In CI these must run; elsewhere they are reported as not run where there is no strace.
 */
@Timeout(120)
class SystemCallsTest {
    private static final Path STRACE = Path.of("/usr/bin/strace");

    @RegisterExtension
    final Scratch scratch = new Scratch();

    @BeforeEach
    void thereIsStrace() {
        if (!Files.isExecutable(STRACE)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need " + STRACE);
            }
            abort("no " + STRACE);
        }
    }

    /** What a command prints while the nth such call that has to do with a file fails, in each of its and its daemon's threads. */
    private String with(String file, String call, String error, int nth) throws Exception {
        Path trace = scratch.directory().resolve("trace");
        ProcessBuilder command = scratch.command("autoclose=1", "add", "1");
        command.command()
                .addAll(
                        0,
                        List.of(
                                STRACE.toString(),
                                "-f",
                                "-qq",
                                "-o",
                                trace.toString(),
                                "-P",
                                scratch.directory().resolve(file).toString(),
                                "--inject=" + call + ":error=" + error + ":when=" + nth));
        String said = Scratch.output(command);
        assertThat(Files.readString(trace)).contains("(INJECTED)");
        return said;
    }

    @ParameterizedTest
    @CsvSource({
        "s.spawn, openat, ENOSPC, 1, 'a file cannot be created: %s/s.spawn: No space left on device; mend that'",
        "s.spawn, fcntl, EIO, 1, 'the lock file %s/s.spawn cannot be locked: Input/output error; try again, or use a"
                + " directory'",
        "s.lock, fcntl, ENOLCK, 1, 'the lock file %s/s.lock cannot be locked: No locks available; try again, or use a"
                + " directory'",
        "s.log, openat, EMFILE, 2, 'the log cannot be opened: %s/s.log: Too many open files; mend that, or delete it'",
        "s, statx, EIO, 1, '%s/s: Input/output error, which the daemon at %1$s/s needs; try again, or use another"
                + " directory'",
    })
    void aCallOfTheSystemThatFailsIsAnErrorWithTheFileAndTheNextStartWorks(
            String file, String call, String error, int nth, String message) throws Exception {
        assertThat(with(file, call, error, nth)).contains(String.format(message, scratch.directory()));
        assertThat(Scratch.output(scratch.command("add", "1"))).isEqualTo("1");
    }

    /** A log that cannot be written, and a lock that the kernel does not let go of at once. */
    @ParameterizedTest
    @CsvSource({"s.log, openat, ENOSPC, 1", "s.spawn, fcntl, EIO, 2"})
    void whatIsNotNeededFailsNoStart(String file, String call, String error, int nth) throws Exception {
        assertThat(with(file, call, error, nth)).isEqualTo("1");
    }
}
