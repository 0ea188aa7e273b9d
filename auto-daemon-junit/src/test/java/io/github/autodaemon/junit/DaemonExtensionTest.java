package io.github.autodaemon.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;

/** Runs the {@link Samples}. */
@Timeout(120)
class DaemonExtensionTest {
    private static final String BEHIND = "left behind with LabService, 300 ms after the test had ended:\n";
    private static final String OF_CLASS =
            "left behind with LabService, 300 ms after the tests of the class had ended:\n";
    private static final String STREAM =
            "- 1 stream is still open: close every Duplex that a call has returned, and let the"
                    + " service's handler return when its input ends";
    private static final String CALL =
            "- 1 call still runs: wait for the result in the test, and let the service return or"
                    + " complete its future";
    private static final String HELD =
            " held: let the service close what Client.ref() gave it, in Client.onClose(...) at" + " the latest";
    private static final String CONNECTION = "- 1 connection is still open: close what was not made by the extension's"
            + " connect(), whose connections are closed for you";

    @BeforeEach
    void reset() {
        Samples.reset();
    }

    @ParameterizedTest
    @ValueSource(classes = {Samples.CleanInProcess.class, Samples.CleanInDaemon.class, Samples.Fresh.class})
    void whatEndsAfterTheTestIsNotLeftBehind(Class<?> sample) {
        Outcomes outcomes = run(sample);

        assertThat(outcomes.failures()).hasSizeGreaterThan(2).allSatisfy((name, failure) -> assertThat(failure)
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(classes = {Samples.LeakyInProcess.class, Samples.LeakyInDaemon.class})
    void whatIsLeftBehindFailsTheTest(Class<?> sample) {
        Outcomes outcomes = run(sample);

        assertThat(outcomes.leaks("stream()")).isEqualTo(BEHIND + STREAM);
        assertThat(outcomes.leaks("streams()")).isEqualTo(BEHIND + STREAM.replace("1 stream is", "2 streams are"));
        assertThat(outcomes.leaks("call()")).isEqualTo(BEHIND + CALL);
        assertThat(outcomes.leaks("reference()")).isEqualTo(BEHIND + "- 1 reference is still" + HELD);
        assertThat(outcomes.leaks("connection()")).isEqualTo(BEHIND + CONNECTION);
        assertThat(outcomes.leaks("everything()"))
                .isEqualTo(BEHIND + STREAM + "\n" + CALL + "\n- 2 references are still" + HELD + "\n" + CONNECTION);
        assertThat(outcomes.failure("failure()").orElseThrow()).hasMessage("the test's own");
        assertThat(outcomes.failures()).hasSize(10);
    }

    /** The daemon would let the call go on for its drain time, which is longer. */
    @Test
    void aDaemonThatIsBusyIsKilled() {
        Throwable leak = run(Samples.LeakyInDaemon.class, "blocked").orElseThrow();

        assertThat(String.valueOf(leak.getMessage()).replaceAll("pid \\d+", "pid P"))
                .isEqualTo(BEHIND + CALL + "\n- 1 daemon was told to leave and still runs, pid P (killed now): end the"
                        + " service's threads in Service.close(), or set exitOnClose(true)");
    }

    @Test
    void aBusyServiceInProcessCannotBeEnded() {
        Throwable leak = run(Samples.LeakyInProcess.class, "blocked").orElseThrow();

        assertThat(leak)
                .hasMessage(BEHIND + CALL + "\n- the service did not end: the service in this process at "
                        + Samples.directory.resolve("sock") + " did not end: java.util.concurrent.TimeoutException");
    }

    @Test
    void aTestThatFailedKeepsItsFailureAndShowsTheRest() {
        Throwable failure = run(Samples.LeakyInDaemon.class, "failure").orElseThrow();

        assertThat(failure).hasMessage("the test's own");
        assertThat(failure.getSuppressed()).hasSize(2);
        Throwable log = failure.getSuppressed()[0];
        assertThat(log.toString()).startsWith("io.github.autodaemon.junit.DaemonLog: the daemon's log:\n");
        assertThat(log).hasMessageContaining(" here it went wrong\n").hasMessageContaining(" retiring: ");
        assertThat(failure.getSuppressed()[1].toString())
                .isEqualTo("io.github.autodaemon.junit.LeakError: " + BEHIND + STREAM);
    }

    @Test
    void aServiceInProcessHasNoLog() {
        Throwable failure = run(Samples.LeakyInProcess.class, "failure").orElseThrow();

        assertThat(failure.getSuppressed()).hasSize(1);
    }

    @Test
    void theLogOfALeakIsShownToo() {
        Throwable leak = run(Samples.LeakyInDaemon.class, "stream").orElseThrow();

        assertThat(leak.getSuppressed()).hasSize(1);
        assertThat(leak.getSuppressed()[0]).hasMessageStartingWith("the daemon's log:\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed", "replaced"})
    void aProcessThatStaysIsKilledAndFailsTheTest(String method) {
        Throwable leak = run(Samples.Stays.class, method).orElseThrow();

        String pid = Samples.NOTES.get(0);
        assertThat(leak)
                .hasMessage(BEHIND + "- 1 daemon was told to leave and still runs, pid " + pid
                        + " (killed now): end the service's threads in Service.close(), or set exitOnClose(true)");
        assertThat(commandLine(pid)).isEmpty();
    }

    @Test
    void aDaemonThatIsReplacedMayTakeItsTimeAndBothLogsAreShown() {
        Throwable failure = run(Samples.Leaves.class, "replaced").orElseThrow();

        assertThat(Samples.NOTES).containsExactly("true");
        assertThat(failure).hasMessage("to see the logs");
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(failure.getSuppressed()[0])
                .hasMessageStartingWith("the log of the daemon before:\n")
                .hasMessageContaining(" before\n");
        assertThat(failure.getSuppressed()[1])
                .hasMessageStartingWith("the daemon's log:\n")
                .hasMessageContaining(" after\n");
    }

    @Test
    void aDaemonIsEndedWhoeverHasStartedItAndWhateverThreadsItHas() {
        assertThat(run(Samples.Leaves.class, "startedByAnother")).isEmpty();
        assertThat(run(Samples.Leaves.class, "itsThreadsAlone")).isEmpty();
    }

    @Test
    void nothingIsMadeBeforeItIsAskedFor() {
        assertThat(run(Samples.Leaves.class, "nothingIsUsed")).isEmpty();
        assertThat(Samples.NOTES).containsExactly("nothing");
    }

    @Test
    void aDaemonWhereTheServiceIsInProcessFailsTheTest() {
        Throwable leak = run(Samples.Unwanted.class, "daemon").orElseThrow();

        assertThat(leak)
                .hasMessage(BEHIND + "- 1 daemon runs at the socket of a service that is in process, pid "
                        + Samples.NOTES.get(0)
                        + " (killed now): give the extension's description() to the program under"
                        + " test, or use inDaemon(...)");
    }

    @ParameterizedTest
    @ValueSource(classes = {Samples.SharedInProcess.class, Samples.SharedInDaemon.class})
    void ofTestsThatShareAServiceTheOneThatLeftSomethingFails(Class<?> sample) {
        Outcomes outcomes = run(sample);

        assertThat(outcomes.leaks("a1LeavesAStream()")).isEqualTo(BEHIND + STREAM);
        assertThat(outcomes.failure("a2IsNotBlamedForIt()")).isEmpty();
        assertThat(outcomes.leaks("a3LeavesAReference()")).isEqualTo(BEHIND + "- 1 reference is still" + HELD);
        assertThat(outcomes.failure("a4EndsTheService()")).isEmpty();
        assertThat(outcomes.failure("a5HasAFreshOne()")).isEmpty();
        assertThat(outcomes.failure("Samples$" + sample.getSimpleName())).isEmpty();
    }

    @Test
    void whatWaitsForACallThatAnotherTestHasLeftIsNotLeftBehind() {
        Outcomes outcomes = run(Samples.Blocked.class);

        assertThat(outcomes.leaks("a1KeepsTheTurn()")).isEqualTo(BEHIND + CALL);
        assertThat(outcomes.failure("a2IsNotBlamedForIt()")).isEmpty();
        assertThat(outcomes.leaks("Samples$Blocked")).contains("- 1 daemon was told to leave and still runs");
    }

    @Test
    void ofTwoServicesOfOneTypeAParameterGetsTheOneInTheFieldOfItsName() {
        Outcomes outcomes = run(Samples.Two.class);

        assertThat(outcomes.failure("byTheNamesOfTheFields(Connection, Lab)")).isEmpty();
        assertThat(outcomes.failure("named(Lab, Connection, Connection)").orElseThrow())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining("the fields SHARED, first could each fill the parameter")
                .hasMessageContaining("give it the name of one of them");
    }

    @Test
    void whatAClassHasOpenedIsTheClasss() {
        Outcomes outcomes = run(Samples.OfTheClass.class);

        assertThat(outcomes.failure("first()")).isEmpty();
        assertThat(outcomes.failure("second()")).isEmpty();
        assertThat(outcomes.failure("Inner")).isEmpty();
        assertThat(outcomes.leaks("Samples$OfTheClass")).isEqualTo(OF_CLASS + STREAM);
        assertThat(Samples.NOTES).containsExactly("sum 1");
    }

    @Test
    void outsideOfATestItSaysWhatIsMissing() {
        DaemonExtension<Lab> unregistered = Samples.lab(true);

        assertThatThrownBy(unregistered::rpc)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "there is no LabService now: it can be used while a test runs, if its DaemonExtension is in a"
                                + " field with @RegisterExtension");
        assertThatThrownBy(() -> unregistered.patience(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the patience is negative: PT-0.001S");
    }

    /** Empty when the process has ended, be it that nobody has taken note of it yet. */
    private static String commandLine(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    private static Outcomes run(Class<?> sample) {
        return run(selectClass(sample));
    }

    private static Optional<Throwable> run(Class<?> sample, String method) {
        return run(selectMethod(sample, method)).failure(method + "()");
    }

    private static Outcomes run(DiscoverySelector selector) {
        Outcomes outcomes = Outcomes.of(selector);
        assertThat(Samples.directory).doesNotExist();
        return outcomes;
    }
}
