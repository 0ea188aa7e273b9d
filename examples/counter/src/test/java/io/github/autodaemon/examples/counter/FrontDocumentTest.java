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
        // What the script would do is gone, so it was the front. The script itself stays: a daemon that makes archives
        // deletes the files of a script that is not there any more, and its stamp with them.
        assertThat(scratch.sh("./todo add x; printf '#!/bin/sh\\nexit 99\\n' >todo.sh; ./todo list; ./todo close"))
                .isEqualTo("x\n");
    }
}
