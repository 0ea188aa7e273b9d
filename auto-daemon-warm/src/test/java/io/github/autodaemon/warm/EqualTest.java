package io.github.autodaemon.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.warm.WarmScene.Ran;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a tool does, its command is the same warm as cold: output, errors, exit code. */
@Timeout(240)
class EqualTest {
    @RegisterExtension
    final WarmScene scene = new WarmScene();

    /** The daemon goes on after each of them, and what one does is not seen by the next. */
    @Test
    void whatAToolDoesWithItsProcess() throws Exception {
        scene.tool().start();
        for (String line : List.of(
                "none",
                "state",
                "args a '' ü",
                "kept",
                "both",
                "cat",
                "line",
                "much",
                "exit 0",
                "exit 3",
                "exit 256",
                "exit -1",
                "halt",
                "caught",
                "elsewhere",
                "pool",
                "virtual",
                "throw",
                "stack",
                "other",
                "later",
                "laterAndThrow",
                "hooks",
                "hooks exit",
                "spoil",
                "state",
                "close",
                "both",
                "variable HOME",
                "variable PLAY",
                "variables",
                "child",
                "child own",
                "console",
                "wrong")) {
            String[] args = line.replace("''", "").split(" ", -1);
            Ran cold = scene.cold("one\ntwo", args);
            Ran warm = scene.warm("one\ntwo", args);
            assertThat(warm).as(line).isEqualTo(cold);
        }
    }

    /** What it reads stands in its own process, once. */
    @Test
    void itsDaemonIsOneProcess() throws Exception {
        scene.tool().start();
        long daemon = scene.daemon();
        for (int i = 1; i <= 3; i++) {
            assertThat(scene.warm("", "pid")).isEqualTo(new Ran(0, daemon + " " + i + "\n", ""));
        }
    }
}
