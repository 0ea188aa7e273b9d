package io.github.autodaemon.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a check says of tools that do not do the same warm as cold. In the environment of the tests themselves. */
@Timeout(240)
class CheckTest {
    @RegisterExtension
    final WarmScene scene = new WarmScene();

    private Check.Outcome check(String... args) throws Exception {
        scene.inCi().tool();
        return Check.run("play", scene.script(), scene.state(), scene.work(), List.of(args), 5);
    }

    @Test
    void whatIsEqualIsCounted() throws Exception {
        Files.writeString(scene.work().resolve("before"), "");
        Check.Outcome outcome = check("file", "written");
        assertThat(outcome.difference()).isNull();
        assertThat(outcome.equal()).isEqualTo(5);
        assertThat(outcome.warm()).hasSize(5);
        assertThat(outcome.console()).isFalse();
        assertThat(scene.work().resolve("written")).doesNotExist();
        assertThat(scene.daemons()).isEmpty();
    }

    /** The second command in the process counts on. */
    @Test
    void whatAToolKeepsIsFound() throws Exception {
        Check.Outcome outcome = check("count");
        assertThat(outcome.difference()).isEqualTo("standard output, from byte 0 on");
        assertThat(outcome.equal()).isEqualTo(1);
        assertThat(scene.daemons()).isEmpty();
    }

    @Test
    void aToolThatDoesNotDoTheSameTwiceCannotBeCompared() throws Exception {
        assertThat(check("pid").difference())
                .startsWith("the tool does not do the same twice, and cannot be compared: standard output");
    }

    @Test
    void itSaysThatATerminalIsCold() throws Exception {
        assertThat(check("console").console()).isTrue();
    }

    @Test
    void whatUsesTheDescriptorsOfItsProcessCannotBeWarm() throws Exception {
        Check.Outcome outcome = check("inherit");
        assertThat(outcome.difference()).contains("uses the descriptors of its process itself");
        assertThat(outcome.equal()).isZero();
    }
}
