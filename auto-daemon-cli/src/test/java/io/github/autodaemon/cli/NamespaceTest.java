package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.Connection;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The command in another process-id namespace than the daemon, as in a container that shares its directory: a process that is
 * not to be seen is not a dead one. Only the superuser can make a namespace.
 */
@Timeout(60)
class NamespaceTest {
    @RegisterExtension
    final Scene scene = new Scene();

    @BeforeEach
    void weAreTheSuperuser() throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need the superuser");
            }
            abort("only the superuser can make a namespace");
        }
    }

    private Ran elsewhere(String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Tools.need("unshare", "util-linux").toString(), "--pid", "--fork", "--mount-proc"));
        command.addAll(scene.command(args));
        return scene.run(command, "");
    }

    @Test
    void stopWaitsForAProcessThatItDoesNotSee() throws Exception {
        try (Connection<Desk> desk = scene.desk("desk")
                .exclusive(true)
                .drain(Duration.ofMinutes(5))
                .build()
                .connect()) {
            long pid = desk.pid().orElseThrow();
            assertThat(elsewhere("status", "desk").out()).contains("desk: serving\n", "memory      ?, heap ");
            Scene.hold(desk);
            while (!scene.autod("status", "desk").out().contains("hold (running")) {
                Thread.onSpinWait();
            }
            Ran ran = elsewhere("stop", "desk", "--timeout", "300ms");
            assertThat(ran.err()).contains("desk (pid " + pid + ") is still there");
            assertThat(ran.code()).isEqualTo(4);
            assertThat(Processes.hasEnded(pid)).isFalse();
            // It has given up its socket, and keeps its lock until its end.
            Ran again = elsewhere("stop", "desk", "--timeout", "300ms");
            assertThat(again.err()).contains("desk (pid " + pid + ") is still there");
            assertThat(again.code()).isEqualTo(4);
            assertThat(elsewhere("ps", "--clean").out()).isEqualTo("nothing is left behind\n");
            Ran kill = elsewhere("stop", "desk", "--kill", "--timeout", "300ms");
            assertThat(kill.code()).isEqualTo(4);
            assertThat(Processes.hasEnded(pid)).isFalse();
            assertThat(scene.autod("stop", "desk", "--kill", "--timeout", "100ms")
                            .code())
                    .isZero();
        }
    }

    @Test
    void stopReturnsWhenItIsGone() throws Exception {
        long pid = scene.start("desk");
        assertThat(elsewhere("stop", "desk")).isEqualTo(new Ran(0, "desk (pid " + pid + ") stopped\n", ""));
        Processes.awaitEnd(pid);
    }
}
