package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Processes;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** npm's client starts a Java daemon through {@code opts.execPath}. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmStartsJavaTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Path launcher = Path.of("/nonexistent");

    @BeforeEach
    void writeLauncher() {
        launcher = workplace.executable("launcher", JavaPrograms.launcher());
    }

    private NodeProcess client(String service, boolean autoClose, String... args) {
        String[] all = new String[3 + args.length];
        all[0] = launcher.toString();
        all[1] = service;
        all[2] = Boolean.toString(autoClose);
        System.arraycopy(args, 0, all, 3, args.length);
        return workplace.node("spawn.js", all);
    }

    private NodeProcess client(boolean autoClose, String... args) {
        return client(WorkshopService.class.getName(), autoClose, args);
    }

    @Test
    void theFirstClientStartsOneDaemonAndTheNextOneFindsIt() {
        NodeProcess first = client(false, "one", "--two", "3");
        String spawned = first.line();
        long pid = workplaceDaemonAfter(first);
        // The launcher's exec keeps its process, so npm's handle is the daemon's.
        assertThat(spawned).isEqualTo("\"spawned\" " + pid);
        assertThat(first.line()).isEqualTo("\"args\" [\"one\",\"--two\",\"3\"] \"sum\" 1");

        NodeProcess second = client(false);
        assertThat(second.line()).isEqualTo("\"pid\" " + pid);
        assertThat(second.line()).isEqualTo("\"args\" [\"one\",\"--two\",\"3\"] \"sum\" 2");
        second.goOn();
        first.goOn();
        // Neither was hit by a second SIGUSR2, which would have ended it.
        assertThat(second.finish()).isEmpty();
        assertThat(first.finish()).isEmpty();
        assertThat(workplace.daemon().pid()).isEqualTo(pid);
    }

    private long workplaceDaemonAfter(NodeProcess client) {
        String line = client.line();
        long pid = workplace.daemon().pid();
        assertThat(line).isEqualTo("\"pid\" " + pid);
        return pid;
    }

    @Test
    void withAutocloseTheDaemonLeavesAfterItsLastClient() {
        NodeProcess client = client(true);
        assertThat(client.line()).startsWith("\"spawned\"");
        workplaceDaemonAfter(client);
        ProcessHandle daemon = workplace.daemon();
        client.goOn();
        Processes.awaitEnd(daemon);
        assertThat(workplace.socket()).doesNotExist();
    }

    @Test
    void aNewDaemonIsStartedWhereOneWasKilled() {
        NodeProcess first = client(false);
        assertThat(first.line()).startsWith("\"spawned\"");
        long pid = workplaceDaemonAfter(first);
        Processes.kill(workplace.daemon().pid());
        assertThat(workplace.socket()).exists();

        NodeProcess second = client(false);
        assertThat(second.line()).startsWith("\"spawned\"");
        assertThat(workplaceDaemonAfter(second)).isNotEqualTo(pid);
        assertThat(second.line()).isEqualTo("\"args\" [] \"sum\" 1");
    }

    @Test
    void ourClientFindsTheDaemonThatNpmsClientStarted() {
        NodeProcess npm = client(false);
        assertThat(npm.line()).startsWith("\"spawned\"");
        long pid = workplaceDaemonAfter(npm);
        assertThat(npm.line()).endsWith("\"sum\" 1");
        assertThat(workplace.connect().rpc().pid()).isEqualTo(pid);
        assertThat(workplace.connect().rpc().add(1)).isEqualTo(2);
    }

    @Test
    void aServiceThatDoesNotExistIsAFailedStart() {
        NodeProcess client = client("no.such.Service", false);
        assertThat(client.line()).startsWith("\"spawned\"");
        assertThat(client.finish()).isEqualTo(List.of("\"failed\" \"exited with code: 1\""));
        assertThat(workplace.daemons()).isEmpty();
    }
}
