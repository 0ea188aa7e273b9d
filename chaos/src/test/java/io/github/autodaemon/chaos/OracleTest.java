package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Violations that are planted in the files the oracle reads. */
class OracleTest {
    @TempDir
    Path home;

    private final Faults faults = new Faults();

    @BeforeEach
    void theSocketsDirectory() throws IOException {
        Files.createDirectory(home.resolve("d"));
    }

    private Oracle oracle(Chapter.Kind kind) throws IOException {
        Setting setting = new Setting(home, -1, false);
        Oracle oracle = new Oracle(
                setting, new Chapter.Rules(kind, false, 0), new Tally(), faults, new RunLog(System.out, null));
        oracle.given(new Order("o", setting, "v1", 10_000, 1, 0, 0, 0, false), "driver");
        return oracle;
    }

    private void write(String file, String... texts) throws IOException {
        try (Lines lines = new Lines(home.resolve(file))) {
            for (String text : texts) {
                lines.add(text.replace("NOW", Long.toString(System.nanoTime())));
            }
        }
    }

    @Test
    void aRunWithoutFault() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.QUIET);
        write("driver.journal", "connecting o NOW", "connected o NOW 17 s", "sent o.0 o NOW");
        oracle.look();
        write("ledger", "open 17", "call o.0 17 1", "close 17");
        write("driver.journal", "acked o.0 1", "done o NOW");
        oracle.look();
        oracle.lookAtTheEnd();
    }

    @Test
    void aCallThatIsInTheLedgerTwice() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.QUIET);
        write("ledger", "open 17", "call o.0 17 1", "open 18", "call o.0 18 1");
        assertThatThrownBy(oracle::look).isInstanceOf(Violation.class).hasMessageContaining("ran twice");
    }

    @Test
    void anAcknowledgedCallThatIsNotInTheLedger() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.FULL);
        write("driver.journal", "connecting o NOW", "connected o NOW 17 s", "sent o.0 o NOW", "acked o.0 1");
        write("ledger", "open 17");
        assertThatThrownBy(oracle::look).isInstanceOf(Violation.class).hasMessageContaining("not in the ledger");
    }

    @Test
    void aConnectThatFailsAlthoughNothingWasDone() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.SIGNALS);
        write("driver.journal", "connecting o NOW", "refused o NOW UnreachableException no connection");
        assertThatThrownBy(oracle::look)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("a connect failed, and by no fault");
    }

    @Test
    void aConnectionThatBreaksAlthoughItsDaemonWasNotEnded() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.SIGNALS);
        faults.happened(Faults.Kind.DAEMON_KILLED);
        oracle.signalled(17, "STOP");
        oracle.signalled(18, "KILL");
        write("driver.journal", "connecting o NOW", "connected o NOW 17 s", "sent o.0 o NOW");
        write("driver.journal", "lost o.0 o NOW mayHaveRun the peer closed the connection");
        assertThatThrownBy(oracle::look)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("a connection to the daemon 17 broke, which nobody has ended");
    }

    @Test
    void aConnectionThatBreaksWithItsDaemon() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.SIGNALS);
        oracle.signalled(17, "KILL");
        write("driver.journal", "connecting o NOW", "connected o NOW 17 s", "sent o.0 o NOW");
        write("driver.journal", "lost o.0 o NOW mayHaveRun the peer closed the connection", "done o NOW");
        oracle.look();
    }

    private Oracle oracleOfACommand(Processes.Found... outdated) throws IOException {
        Oracle oracle = oracle(Chapter.Kind.SIGNALS);
        oracle.touched(List.of(outdated));
        Setting setting = new Setting(home, -1, false);
        oracle.given(new Order("c", setting, "v1", 10_000, 1, 0, 0, 0, false), "recorder1", "driver");
        write("driver.journal", "sent c.0 c NOW");
        return oracle;
    }

    @Test
    void aCommandThatIsAnswered() throws IOException {
        Oracle oracle = oracleOfACommand();
        write("ledger", "call c.0 17 4");
        write("driver.journal", "exited c NOW NOW 99 0 4 front");
        oracle.look();
    }

    @Test
    void aCommandThatEndsWellAndIsNotInTheLedger() throws IOException {
        Oracle oracle = oracleOfACommand();
        write("driver.journal", "exited c NOW NOW 99 0 4 front");
        assertThatThrownBy(oracle::look).isInstanceOf(Violation.class).hasMessageContaining("not in the ledger");
    }

    @Test
    void aCommandThatHasNotRunAndIsInTheLedger() throws IOException {
        Oracle oracle = oracleOfACommand();
        faults.happened(Faults.Kind.DAEMON_KILLED);
        write("ledger", "call c.0 17 4");
        write("driver.journal", "exited c NOW NOW 99 1 s: nobody serves");
        assertThatThrownBy(oracle::look).isInstanceOf(Violation.class).hasMessageContaining("it had not");
    }

    @Test
    void aCommandThatIsLostThoughItsDaemonWasNotEnded() throws IOException {
        Oracle oracle = oracleOfACommand();
        write("driver.journal", "exited c NOW NOW 99 125 s: the connection to the daemon was lost");
        assertThatThrownBy(oracle::look)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("the connection of a command broke");
    }

    @Test
    void aCommandThatEndsByASignalOfTheDrivers() throws IOException {
        Oracle oracle = oracleOfACommand();
        oracle.signalled(99, "INT");
        write("driver.journal", "exited c NOW NOW 99 130 ");
        oracle.look();
    }

    @Test
    void aCommandThatEndsByItself() throws IOException {
        Oracle oracle = oracleOfACommand();
        write("driver.journal", "exited c NOW NOW 99 130 ");
        assertThatThrownBy(oracle::look).isInstanceOf(Violation.class).hasMessageContaining("with what it must not");
    }

    @Test
    void aCommandThatReachesADaemonFromBeforeTheTouch() throws IOException {
        Oracle oracle = oracleOfACommand(new Processes.Found(17, Processes.Kind.DAEMON, ""));
        write("ledger", "call c.0 17 4");
        assertThatThrownBy(oracle::look)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("from before the jar was touched");
    }

    @Test
    void exclusiveDaemonsThatOverlap() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.QUIET);
        write("ledger", "open 17", "overlap 17 18", "open 18");
        assertThatThrownBy(oracle::look)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("exclusive daemons at the same time");
    }

    @Test
    void aDaemonWhosePathWasTaken() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.SIGNALS);
        Files.writeString(
                home.resolve("d/s.history"),
                "{\"event\":\"left\",\"why\":\"its socket's path was removed or replaced\"}\n");
        assertThatThrownBy(oracle::lookAtTheEnd)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("the path was taken from 1 daemons");
    }

    @Test
    void aStreamThatLostBytes() throws IOException {
        Oracle oracle = oracle(Chapter.Kind.QUIET);
        write("driver.journal", "connecting o NOW", "connected o NOW 17 s", "corrupt o NOW 3 of 4 bytes");
        assertThatThrownBy(oracle::look).isInstanceOf(Violation.class).hasMessageContaining("corrupt o");
    }
}
