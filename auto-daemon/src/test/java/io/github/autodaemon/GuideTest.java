package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs in docs/guide.md, which say in comments what they print. */
@Timeout(120)
class GuideTest {
    private static final String PRINTS = "System.out.println(";
    private static final String REMARK = "// ";

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private static String program(String section) throws IOException {
        String guide = Files.readString(Path.of("../docs/guide.md"));
        int heading = guide.indexOf("\n## " + section + "\n");
        assertThat(heading).isNotNegative();
        int begin = guide.indexOf("```java\n", heading) + "```java\n".length();
        return guide.substring(begin, guide.indexOf("```", begin));
    }

    @ParameterizedTest
    @CsvSource({
        "Types, DiaryCommand",
        "Streams, PressCommand",
        "Sequences, PrimesCommand",
        "Cancelling and time limits, OvenCommand",
        "Errors, StoreCommand"
    })
    void theProgramPrintsWhatItSays(String section, String main) throws Exception {
        String program = program(section);
        String expected = program.lines()
                .filter(line -> line.contains(PRINTS))
                .map(line -> line.substring(line.indexOf(REMARK) + REMARK.length()))
                .collect(Collectors.joining("\n"));
        assertThat(expected).isNotEmpty();
        Path source = Files.writeString(scratch.directory().resolve(main + ".java"), program);
        String classPath = System.getProperty("java.class.path");
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        classPath,
                        "-d",
                        scratch.directory().toString(),
                        source.toString());
        assertThat(errors).isZero();
        ProcessBuilder command = new ProcessBuilder(
                List.of(TallyProgram.java().toString(), "-cp", scratch.directory() + ":" + classPath, main));
        command.environment().put("XDG_RUNTIME_DIR", scratch.directory().toString());
        assertThat(Scratch.output(command.redirectErrorStream(true))).isEqualTo(expected);
    }
}
