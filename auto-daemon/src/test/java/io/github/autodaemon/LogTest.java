package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stays of a daemon. */
@Timeout(60)
class LogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final Scratch scratch = new Scratch();

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
            while (!Files.exists(older) || Files.size(lab.log()) > limit) {
                Thread.onSpinWait();
            }
            assertThat(Files.size(older)).isLessThanOrEqualTo(limit);
            connection.rpc().print("after");
            assertThat(Files.readString(lab.log())).contains("out to stdout: after");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(older)))
                    .isEqualTo("rw-------");
        }
    }
}
