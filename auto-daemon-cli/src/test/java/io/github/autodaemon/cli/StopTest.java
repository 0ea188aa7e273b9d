package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.github.autodaemon.Connection;
import io.github.autodaemon.admin.Daemons;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code stop}: gracefully, and no process but the daemon's. */
@Timeout(60)
class StopTest {
    @RegisterExtension
    final Scene scene = new Scene();

    @Test
    void itReturnsWhenTheProcessIsGone() throws Exception {
        long pid = scene.start("desk");
        assertThat(scene.autod("stop", "desk")).isEqualTo(new Ran(0, "desk (pid " + pid + ") stopped\n", ""));
        assertThat(Processes.hasEnded(pid)).isTrue();
        assertThat(scene.autod("stop", "desk"))
                .isEqualTo(new Ran(3, "", "autod: desk (" + scene.socket("desk") + ") is not running\n"));
        assertThat(scene.autod("stop", "nobody").err())
                .isEqualTo("autod: no daemon \"nobody\" is known; there are: desk\n");
    }

    @Test
    void severalAllAndTheIdleOnes() throws Exception {
        long one = scene.start("one");
        long two = scene.start("two");
        try (Connection<Desk> used = scene.desk("used").build().connect()) {
            assertThat(scene.autod("stop", "--idle").out().lines())
                    .containsExactlyInAnyOrder("one (pid " + one + ") stopped", "two (pid " + two + ") stopped");
            assertThat(scene.autod("stop", "--idle").out()).isEqualTo("no daemon is idle\n");
            assertThat(used.rpc().add(1)).isEqualTo(1);
            scene.start("one");
            Ran all = scene.autod("stop", "--all", "--json");
            assertThat(all.code()).isZero();
            assertThat(JsonParser.parseString(all.out()).getAsJsonArray())
                    .extracting(each -> each.getAsJsonObject().get("name").getAsString())
                    .containsExactlyInAnyOrder("one", "used");
        }
        assertThat(scene.autod("stop", "--all")).isEqualTo(new Ran(0, "no daemon runs\n", ""));
        assertThat(scene.autod("ps").out()).isEqualTo("no daemon runs\n");
    }

    @Test
    void byItsSocket() throws Exception {
        long one = scene.start("one");
        long two = scene.start("two");
        String socket = scene.socket("one").toString();
        assertThat(scene.autod("stop", "--socket", socket, "two", "one").out())
                .isEqualTo("one (pid " + one + ") stopped\ntwo (pid " + two + ") stopped\n");
        assertThat(scene.autod("stop", "--socket", socket, "--all").code()).isEqualTo(2);
    }

    /** What runs is waited for and said, and ended only when that is wanted. */
    @Test
    void aCallThatDoesNotEnd() throws Exception {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            long pid = desk.pid().orElseThrow();
            hold(desk);
            Ran ran = scene.autod("stop", "desk", "--timeout", "700ms");
            assertThat(ran.code()).isEqualTo(4);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .contains("autod: waits for desk (pid " + pid + "): hold of pid "
                            + ProcessHandle.current().pid() + ", for at most 700ms\n")
                    .contains("autod: desk (pid " + pid + ") is still there: ")
                    .contains("--kill ends its process");
            assertThat(ProcessHandle.of(pid)).isPresent();
            // It retires, and has no socket any more: it is known by its entry and its command line.
            Ran kill = scene.autod("stop", "desk", "--timeout", "100ms", "--kill");
            assertThat(kill).isEqualTo(new Ran(0, "desk (pid " + pid + ") stopped\n", ""));
            Processes.awaitEnd(pid);
            assertThat(scene.autod("why", "desk").out().lines().toList())
                    .hasSize(3)
                    .satisfies(lines -> assertThat(lines.get(1)).contains("left     pid " + pid + "  stopped by pid "))
                    .satisfies(lines -> assertThat(lines.get(2))
                            .contains("left     pid " + pid + "  killed by pid ")
                            .endsWith("Autod stop desk --timeout 100ms --kill): it was still there after it had"
                                    + " retired"));
        }
    }

    private void hold(Connection<Desk> desk) throws Exception {
        Scene.hold(desk);
        while (!scene.autod("status", "desk").out().contains("hold (running")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oneThatIsStoppedIsKilledWhenThatIsWanted() throws Exception {
        long pid = scene.start("desk");
        Processes.signal(pid, "STOP");
        assertThat(scene.autod("stop", "desk", "--kill", "--timeout", "100ms").out())
                .isEqualTo("desk (pid " + pid + ") stopped\n");
        Processes.awaitEnd(pid);
        assertThat(scene.autod("why", "desk").out().lines().skip(1))
                .singleElement()
                .asString()
                .contains("left     pid " + pid + "  killed by pid ")
                .endsWith("Autod stop desk --kill --timeout 100ms): it did not answer");
        assertThat(scene.autod("status", "desk").err())
                .contains("the last one, pid " + pid + " left at ", ": killed by pid ");
    }

    /** Neither the info file nor the index makes a bystander the daemon. */
    @Test
    void aProcessThatIsNotTheDaemonIsLeftAlone() throws Exception {
        long pid = scene.start("desk");
        Processes.signal(pid, "STOP");
        Process bystander = scene.start(java.util.List.of("sleep", "60"), new File("/dev/null"));
        Path info = Path.of(scene.socket("desk") + ".info");
        Files.writeString(info, Files.readString(info).replaceAll("\"pid\":\\d+", "\"pid\":" + bystander.pid()));
        Ran ran = scene.autod("stop", "desk", "--kill", "--timeout", "100ms");
        assertThat(ran.code()).isEqualTo(4);
        assertThat(ran.err()).contains("nothing was killed");
        assertThat(bystander.isAlive()).isTrue();
        assertThat(ProcessHandle.of(pid)).isPresent();
    }

    @Test
    void usedWrongly() throws Exception {
        String help = "`autod stop --help` says how it is used\n";
        assertThat(scene.autod("stop"))
                .isEqualTo(new Ran(2, "", "autod: say which: NAME..., --socket PATH, --all or --idle\n" + help));
        assertThat(scene.autod("stop", "--all", "--idle").code()).isEqualTo(2);
        assertThat(scene.autod("stop", "x", "--timeout", "soon").err())
                .contains("\"soon\" is no time such as 500ms, 10s, 2m or 1h");
        assertThat(scene.autod("stop", "--what"))
                .isEqualTo(new Ran(2, "", "autod: there is no option or command \"--what\" here\n" + help));
        assertThat(scene.autod().code()).isEqualTo(2);
        assertThat(scene.autod("pss").err()).startsWith("autod: there is no option or command \"pss\" here\n");
        assertThat(scene.autod("--help").code()).isZero();
        assertThat(scene.autod("--version")).isEqualTo(new Ran(0, "autod " + Daemons.version() + "\n", ""));
    }
}
