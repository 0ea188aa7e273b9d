package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays of a daemon. */
@Timeout(60)
class LogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** Each start has a log of its own, which is shorter than the one before it for a while. */
    @Test
    void debugShowsTheLogOfEachStart() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().flood(2_000);
        }
        lab.stop(PATIENCE);
        assertThat(Scratch.output(scratch.command("debug=1", "print", "first")))
                .contains("--- started by pid ", "to stdout: first", "to stderr: first");
        assertThat(Scratch.output(scratch.command("debug=1", "print", "second")))
                .contains("to stdout: second", "to stderr: second")
                .doesNotContain("--- started by pid ", "first");
    }

    @Test
    void theFirstLineSaysWhyItWasStartedAndTheLastWhyItLeft() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().print("hello");
        }
        lab.stop(PATIENCE);
        List<String> lines = Files.readAllLines(lab.log());
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";
        assertThat(lines)
                .allMatch(line -> line.matches(time + "(out|err|---) .*"))
                .anyMatch(line -> line.matches(time + "out to stdout: hello"))
                .anyMatch(line -> line.matches(time + "err to stderr: hello"));
        assertThat(lines.get(0))
                .contains("--- started by pid " + ProcessHandle.current().pid());
        assertThat(lines.get(lines.size() - 1)).contains("--- left: stopped by pid ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lab.log())))
                .isEqualTo("rw-------");
    }

    @Test
    void theLogOfThePreviousRunIsKept() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        for (String run : List.of("first", "second", "third")) {
            try (Connection<Lab> connection = lab.connect()) {
                connection.rpc().print(run);
            }
            lab.stop(PATIENCE);
        }
        assertThat(Files.readString(scratch.previousLog()))
                .contains("stdout: second")
                .doesNotContain("first")
                .doesNotContain("third");
        assertThat(Files.readString(lab.log())).contains("stdout: third").doesNotContain("second");
    }

    /** A service that does not start does not push out the log of the last run that served. */
    @Test
    void failedStartsShareALog() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().print("good run");
        }
        lab.stop(PATIENCE);
        AutoDaemon<Lab> broken =
                scratch.lab().jvmOptions("-Dlab.constructorThrows=true").build();
        for (int i = 0; i < 3; i++) {
            StartFailedException e = catchThrowableOfType(StartFailedException.class, broken::connect);
            assertThat(e.tail().lines().filter(line -> line.contains("started by")))
                    .hasSize(1);
        }
        assertThat(Files.readString(scratch.previousLog())).contains("good run");
        assertThat(Files.readString(lab.log()).lines().filter(line -> line.contains("started by")))
                .hasSize(3);
    }

    @Test
    void theLogIsBounded() throws Exception {
        int limit = 20_000;
        AutoDaemon<Lab> lab = scratch.lab().maxLog(limit).build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().flood(1000);
            Path older = scratch.directory().resolve("s.log.older");
            // For a moment it is empty, before its first line is back.
            while (!Files.exists(older) || Files.size(lab.log()) > limit || Files.size(lab.log()) == 0) {
                Thread.onSpinWait();
            }
            assertThat(Files.size(older)).isLessThanOrEqualTo(limit);
            connection.rpc().print("after");
            assertThat(Files.readString(lab.log())).contains("out to stdout: after");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(older)))
                    .isEqualTo("rw-------");
        }
    }

    /** Looked at while it is written as fast as that goes; what was printed last is there, and before it all that fits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBoundHoldsHoweverFastItIsWritten(boolean interrupted) throws Exception {
        int limit = 40_000;
        int lines = 5_000;
        Path older = scratch.directory().resolve("s.log.older");
        AutoDaemon<Lab> lab = scratch.lab().maxLog(limit).build();
        try (Connection<Lab> connection = lab.connect()) {
            AtomicBoolean done = new AtomicBoolean();
            Scratch.inThread(() -> {
                if (interrupted) {
                    connection.rpc().floodInterrupted(lines);
                } else {
                    connection.rpc().flood(lines);
                }
                done.set(true);
            });
            while (!done.get()) {
                assertThat(Files.size(lab.log())).isLessThanOrEqualTo(limit);
            }
            String first = firstLine(lab.log());
            assertThat(first)
                    .contains("--- started by pid " + ProcessHandle.current().pid());
            assertThat(firstLine(older)).isEqualTo(first);
            assertThat(Files.size(older)).isBetween(limit - 200L, (long) limit);
            List<String> kept = new ArrayList<>(Files.readAllLines(older));
            kept.addAll(Files.readAllLines(lab.log()));
            kept.removeIf(line -> !line.contains(" of a flood "));
            for (int i = 0; i < kept.size(); i++) {
                assertThat(kept.get(i)).contains("out line " + (lines - kept.size() + i) + " of");
            }
        }
    }

    private static String firstLine(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.findFirst().orElseThrow();
        }
    }

    /** What others than the JVM write to it is not seen at once, but it is seen to. */
    @Test
    void whatAChildOfTheServiceWritesIsBoundedToo() throws Exception {
        int limit = 10_000;
        Path older = scratch.directory().resolve("s.log.older");
        AutoDaemon<Lab> lab = scratch.lab().maxLog(limit).build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().floodByAChild(2000);
            // For a moment it is empty, before its first line is back.
            while (!Files.exists(older) || Files.size(lab.log()) > limit || Files.size(lab.log()) == 0) {
                Thread.onSpinWait();
            }
            assertThat(Files.size(older)).isLessThanOrEqualTo(limit);
            assertThat(Files.readString(older)).contains("line 1999 of a child");
            assertThat(firstLine(lab.log())).contains("--- started by pid ");
        }
    }

    /** It would have no bound, and nobody could read it. */
    @Test
    void aDeletedLogBeginsAnewAndIsBounded() throws Exception {
        int limit = 20_000;
        AutoDaemon<Lab> lab = scratch.lab().maxLog(limit).build();
        try (Connection<Lab> connection = lab.connect()) {
            long pid = connection.spawned().orElseThrow().pid();
            Path nameless = Path.of("/proc/" + pid + "/fd/2");
            connection.rpc().print("before");
            for (int i = 0; i < 2; i++) {
                Files.delete(lab.log());
                Scratch.awaitText(lab.log(), "the log had been deleted");
                connection.rpc().print("after " + i);
                assertThat(Files.readString(lab.log()))
                        .contains("stdout: after " + i)
                        .doesNotContain("before");
                assertThat(firstLine(lab.log())).contains("--- started by pid ");
                assertThat(Files.size(nameless)).isZero();
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lab.log())))
                        .isEqualTo("rw-------");
            }
            connection.rpc().flood(1000);
            assertThat(Files.size(lab.log())).isLessThanOrEqualTo(limit);
            assertThat(firstLine(lab.log())).contains("--- started by pid ");
            connection.rpc().floodByAChild(2000);
            while (Files.size(nameless) > limit) {
                Thread.onSpinWait();
            }
        }
    }

    /** Its file has another name by then, and the path is its successor's. */
    @Test
    void theLogOfADaemonThatRetiresIsBoundedAndItsSuccessorsIsLeftAlone() throws Exception {
        int limit = 20_000;
        AutoDaemon<Lab> lab = scratch.lab().maxLog(limit).build();
        AutoDaemon<Lab> other = scratch.lab().maxLog(limit).args("other").build();
        try (Connection<Lab> old = lab.connect();
                Connection<Lab> fresh = other.connect()) {
            fresh.rpc().print("of the successor");
            old.rpc().flood(1000);
            assertThat(Files.size(scratch.previousLog())).isLessThanOrEqualTo(limit);
            assertThat(Files.readString(scratch.previousLog())).contains("out line 999 of a flood");
            assertThat(Files.readString(other.log()))
                    .contains("of the successor")
                    .doesNotContain("flood");
            assertThat(scratch.directory().resolve("s.log.older")).doesNotExist();
        }
    }

    /** The log of the run before was longer; and this one's is cut on the way. */
    @Test
    void whoFollowsALogSeesAllOfItThoughItBeginsAnewAndIsCut() throws Exception {
        int lines = 1000;
        AutoDaemon<Lab> lab = scratch.lab().build();
        try (Connection<Lab> connection = lab.connect()) {
            connection.rpc().flood(3 * lines);
        }
        lab.stop(PATIENCE);
        String seen = Scratch.output(scratch.command("debug=1", "maxlog=60000", "flood", Integer.toString(lines)));
        assertThat(seen).contains("--- started by pid ");
        assertThat(seen.lines().filter(line -> line.contains(" of a flood ")))
                .containsExactlyElementsOf(IntStream.range(0, lines)
                        .mapToObj(i -> "line " + i + " of a flood that is to fill the log of this daemon")
                        .toList());
        assertThat(scratch.directory().resolve("s.log.older")).exists();
    }
}
