package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class StartFailureTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private StartFailedException failure(AutoDaemonBuilder<Lab> lab) {
        return catchThrowableOfType(
                StartFailedException.class, () -> lab.build().connect().close());
    }

    @Test
    void aConstructorThatThrows() throws Exception {
        StartFailedException e = failure(scratch.lab().jvmOptions("-Dlab.constructorThrows=true"));
        assertThat(e.getMessage())
                .contains("could not be started: java.lang.IllegalStateException: the index is broken")
                .contains("(exit code 1)")
                .contains("its log is " + scratch.directory().resolve("s.log"))
                .contains("LabService.<init>");
        assertThat(e.exitCode()).hasValue(1);
        assertThat(e.tail()).contains("the index is broken");
        assertThat(scratch.processes()).isEmpty();
        assertThat(scratch.socket()).doesNotExist();
    }

    @Test
    void theTailIsOfThisStartOnly() {
        StartFailedException first = failure(scratch.lab().jvmOptions("-Dlab.constructorExits=true"));
        assertThat(first.tail()).contains("cannot go on");
        assertThat(first.exitCode()).hasValue(7);
        assertThat(first.getMessage()).contains("its process ended without a word (exit code 7)");
        StartFailedException second = failure(scratch.lab().jvmOptions("-Dlab.constructorThrows=true"));
        assertThat(second.tail()).contains("the index is broken").doesNotContain("cannot go on");
    }

    @Test
    void aConstructorThatHangsIsEndedAtTheDeadline() throws Exception {
        StartFailedException e =
                failure(scratch.lab().jvmOptions("-Dlab.constructorHangs=true").timeout(Duration.ofSeconds(2)));
        assertThat(e).hasMessageContaining("it did not say that it is ready in time and was ended");
        for (ProcessHandle process : scratch.processes()) {
            Processes.awaitEnd(process);
        }
        // The lock is free: the next start, of a sound service, succeeds.
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    /** Left while the clock was ahead, say. Nobody waited for that start. */
    @Test
    void anEarlierFailureIsNoNewsWhateverItsTime() throws Exception {
        StartFailedException first = failure(scratch.lab().jvmOptions("-Dlab.constructorThrows=true"));
        Path note = scratch.directory().resolve("s.failed");
        assertThat(note).exists();
        Files.setLastModifiedTime(note, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        assertThat(first).hasMessageContaining("exit code");
        assertThat(note).doesNotExist();
    }

    @Test
    void aClassPathWithoutTheService() {
        assertThat(failure(scratch.lab().classPath(scratch.directory().toString())))
                .hasMessageContaining("(exit code 1)")
                .hasMessageContaining("Could not find or load main class");
    }

    @Test
    void aJvmOptionThatDoesNotExist() {
        assertThat(failure(scratch.lab().jvmOptions("-XX:+NoSuchOption")))
                .hasMessageContaining("Unrecognized VM option 'NoSuchOption'");
    }

    @Test
    void aJavaHomeWithoutJava() {
        assertThatThrownBy(() ->
                        scratch.lab().javaHome(Path.of("/nowhere")).build().connect())
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("/nowhere/bin/java is not executable; name one with javaHome(...)");
    }

    @Test
    void aWorkingDirectoryThatDoesNotExist() {
        assertThat(failure(scratch.lab().workingDirectory(Path.of("/nowhere"))))
                .hasMessageContaining("the working directory /nowhere does not exist");
    }

    /** Whoever waited for the start that failed has its failure; one JVM was started, not one for each. */
    @Test
    void manyClientsOfABrokenServiceStartItOnce() throws Exception {
        int clients = 10;
        AutoDaemon<Lab> lab =
                scratch.lab().jvmOptions("-Dlab.constructorThrows=true").build();
        CyclicBarrier together = new CyclicBarrier(clients);
        List<Throwable> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                    lab.connect().close();
                } catch (Exception e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).hasSize(clients).allSatisfy(e -> assertThat(e)
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("the index is broken"));
        String log = Files.readString(scratch.directory().resolve("s.log"));
        assertThat(log.lines().filter(line -> line.contains("started by pid"))).hasSize(1);
    }

    @Test
    void theWholeDescriptionOfADaemonWithoutName() {
        assertThatThrownBy(() -> AutoDaemon.of(Lab.class, LabService.class).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a daemon needs a name(...) or a socket(...)");
    }

    private static long descriptors() throws Exception {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void failedStartsLeaveNothingBehindInTheClient() throws Exception {
        AutoDaemonBuilder<Lab> broken = scratch.lab().jvmOptions("-XX:+NoSuchOption");
        assertThat(failure(broken)).isNotNull();
        long before = descriptors();
        for (int i = 0; i < 5; i++) {
            assertThat(failure(broken)).isNotNull();
        }
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("auto-daemon-start"))) {
            Thread.onSpinWait();
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }
}
