package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.examples.counter.CounterCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test that npm's package brings with it, run with the counter example in the place of its command. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmOwnTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    @Test
    void npmsOwnTestPassesWithOurCounter() throws IOException {
        Path original = NpmPackages.modules().resolve("auto-daemon/test");
        assertThat(original.resolve("whatever/cmd.js")).exists();
        Path copy = Files.createDirectories(workplace.directory().resolve("test"));
        Path test = Files.copy(original.resolve("whatever.js"), copy.resolve("whatever.js"));
        Files.createDirectories(copy.resolve("whatever"));
        // It calls "cmd.js add 3 --sockfile PATH"; the counter's options come first, and have another name.
        Path command = workplace.executable("test/whatever/cmd.js", """
                #!/bin/sh
                words=
                while [ "$1" != --sockfile ]; do
                  words="$words $1"
                  shift
                done
                exec %s --socket "%s/${2##*/}" $words
                """.formatted(
                        JavaPrograms.command(CounterCommand.class.getName()), workplace.directory()));
        assertThat(command).isExecutable();

        NodeProcess run = workplace.closeLater(NodeProcess.start(workplace.directory(), test, java.util.List.of()));

        assertThat(run.finish()).contains("# tests 8", "# pass  8", "# ok");
        workplace.awaitNoDaemon();
    }
}
