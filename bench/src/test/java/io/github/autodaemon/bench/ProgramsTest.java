package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.startup.Collector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgramsTest {
    private static final Pattern OPTION = Pattern.compile("-(XX:|Xlog:|Djava\\.)[^\\s\"'$]+");

    /** The floor and the peers have the options of the command beside which they stand, none more and none less. */
    @Test
    void theOptionsOfACommandAreThoseOfAStartScript() throws Exception {
        String script = Files.readString(Path.of("../counter"));
        List<String> inScript = new ArrayList<>(OPTION.matcher(script)
                .results()
                .map(found -> found.group())
                .filter(option -> !option.contains("GC") && !option.endsWith("="))
                .toList());
        List<String> measured = new ArrayList<>(Programs.COMMAND_FLAGS);
        measured.removeAll(Collector.ofThisJvm().options());
        assertThat(inScript).contains("-XX:TieredStopAtLevel=1").containsExactlyInAnyOrderElementsOf(measured);
    }
}
