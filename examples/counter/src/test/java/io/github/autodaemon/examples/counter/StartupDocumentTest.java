package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command that docs/startup.md makes from scratch can be made so, and does what is shown. */
@Timeout(120)
class StartupDocumentTest {
    @RegisterExtension
    final CommandFromScratch scratch = new CommandFromScratch(Path.of("../../docs/startup.md"));

    @Test
    void theCommandFromScratch() throws Exception {
        assertThat(scratch.make("Todo.java")).isEmpty();
        scratch.transcript("That is all:");
    }
}
