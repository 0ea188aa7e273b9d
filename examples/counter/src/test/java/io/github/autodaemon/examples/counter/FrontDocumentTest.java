package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The program that docs/front.md makes can be made so, and does what is shown, the second time by the front. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FrontDocumentTest {
    @RegisterExtension
    final CommandFromScratch scratch = new CommandFromScratch(Path.of("../../docs/front.md"));

    @Test
    void theProgramFromScratch() throws Exception {
        assertThat(scratch.make("Todo.java")).isEmpty();
        scratch.transcript("It is the same on every machine.");
        // The script is gone, so it was the front. On a starved machine a daemon may answer too late for it: then once
        // more.
        assertThat(
                        scratch.sh(
                                "./todo add x; rm todo.sh; until ./todo list 2>late; do sleep .1; done; ./todo close 2>late || :"))
                .isEqualTo("x\n");
    }
}
