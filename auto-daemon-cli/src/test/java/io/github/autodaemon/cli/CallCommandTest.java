package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code call}: JSON in and out. */
@Timeout(60)
class CallCommandTest {
    @RegisterExtension
    final Scene scene = new Scene();

    @Test
    void valuesGoThereAndComeBack() throws Exception {
        scene.start("desk");
        assertThat(scene.autod("call", "desk", "add", "2")).isEqualTo(new Ran(0, "2\n", ""));
        assertThat(scene.autod("call", "desk", "add", "-5")).isEqualTo(new Ran(0, "-3\n", ""));
        assertThat(scene.autod("call", "--socket", scene.socket("desk").toString(), "add", "1"))
                .isEqualTo(new Ran(0, "-2\n", ""));
        String value = "{\"text\":\"a <b> \\u2028\",\"list\":[1,2.5,true,null,{}]}";
        assertThat(scene.autod("call", "desk", "mirror", value)).isEqualTo(new Ran(0, value + "\n", ""));
        assertThat(scene.autod("call", "desk", "print", "out", "err")).isEqualTo(new Ran(0, "", ""));
        assertThat(scene.autod("call", "--json", "desk", "print", "2", "\"2\"").err())
                .isEqualTo("autod: the service says: argument 1 of \"print\": 2 is no java.lang.String\n");
    }

    @Test
    void whatGoesWrongIsALine() throws Exception {
        scene.start("desk");
        assertThat(scene.autod("call", "desk", "fail", "no luck today"))
                .isEqualTo(new Ran(1, "", "autod: the service says: no luck today\n"));
        assertThat(scene.autod("call", "desk", "multiply", "2").err())
                .startsWith("autod: the service says: no method \"multiply\"; there are: ");
        assertThat(scene.autod("call", "--timeout", "200ms", "desk", "hold").err())
                .contains("200 ms");
        assertThat(scene.autod("call", "desk", "add:s"))
                .isEqualTo(new Ran(1, "", "autod: the stream failed: \"add\" is no stream method; call it instead\n"));
        Ran listed = scene.autod("call", "desk");
        assertThat(listed.code()).isEqualTo(2);
        assertThat(listed.err())
                .startsWith("autod: say what to call; there are: add, close, echo:s, fail, hold, mirror, paint, print,"
                        + " retire\n");
        assertThat(scene.autod("call", "desk", "echo").err())
                .isEqualTo("autod: the service says: \"echo\" is a stream method; call echo:s\n");
        assertThat(scene.autod("call", "desk", "paint", "GREY").err())
                .isEqualTo("autod: the service says: argument 1 of \"paint\": \"GREY\" is no "
                        + Desk.Paint.class.getTypeName() + "; there are: RED, GREEN\n");
        Ran verbose = scene.autod("call", "--verbose", "desk", "fail", "no luck");
        assertThat(verbose.err()).contains("\n\tat ");
    }

    @Test
    void nobodyIsStartedForIt() throws Exception {
        scene.start("desk");
        assertThat(scene.autod("stop", "desk").code()).isZero();
        assertThat(scene.autod("call", "desk", "add", "2"))
                .isEqualTo(new Ran(3, "", "autod: desk (" + scene.socket("desk") + ") is not running\n"));
        assertThat(scene.autod("ps").out()).isEqualTo("no daemon runs\n");
    }

    @Test
    void oneThatIsStoppedHoldsNobodyUp() throws Exception {
        long pid = scene.start("desk");
        Processes.signal(pid, "STOP");
        Ran ran = scene.autod("call", "desk", "add", "2");
        assertThat(ran.code()).isEqualTo(4);
        assertThat(ran.err())
                .contains("does not respond (pid " + pid + ")")
                .endsWith("; `autod stop --kill desk` ends its process\n");
    }

    @Test
    void aStreamIsStandardInputAndOutput() throws Exception {
        scene.start("desk");
        String text = "line\n".repeat(100_000) + "no end of line";
        List<String> command = new ArrayList<>(scene.command("call", "desk", "echo:s"));
        Ran ran = scene.run(command, text);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo(text);
    }
}
