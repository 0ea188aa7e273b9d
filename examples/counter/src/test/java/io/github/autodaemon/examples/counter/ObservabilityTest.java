package io.github.autodaemon.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The transcripts in docs/observability.md are what happens, but for times and process ids. */
@Timeout(120)
class ObservabilityTest {
    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    private static final Pattern PID = Pattern.compile("jcmd (\\d+) ");

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path directory = Path.of("/nowhere");

    @BeforeEach
    void create() throws IOException {
        directory = place.directory();
        Path counter = Files.writeString(
                directory.resolve("counter"),
                "#!/bin/sh\nexec java -cp '" + System.getProperty("java.class.path") + "' "
                        + CounterCommand.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(counter, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theTranscripts() throws Exception {
        String document = Files.readString(Path.of("../../docs/observability.md"));
        Matcher block = Pattern.compile("```\n(.*?)```", Pattern.DOTALL).matcher(document);
        int blocks = 0;
        while (block.find()) {
            blocks++;
            replay(block.group(1));
        }
        assertThat(blocks).isEqualTo(2);
    }

    private void replay(String transcript) throws Exception {
        for (String step : transcript.substring("$ ".length()).split("\n\\$ ", -1)) {
            int end = step.indexOf('\n');
            String command = end < 0 ? step : step.substring(0, end);
            String shown = end < 0 ? "" : step.substring(end + 1);
            List<ProcessHandle> before = place.daemons();
            Matcher pid = PID.matcher(command);
            if (pid.find()) {
                assertThat(before).hasSize(1);
                command = pid.replaceFirst("jcmd " + before.get(0).pid() + " ");
            }
            String printed = run(command.replace("/tmp/", directory + "/"));
            assertThat(comparable(printed)).as(command).isEqualTo(comparable(shown));
            if (command.contains(" close")) {
                for (ProcessHandle daemon : before) {
                    Processes.awaitEnd(daemon);
                }
            }
        }
    }

    private String run(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).directory(directory.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        builder.environment().merge("PATH", BIN.toString(), (path, first) -> first + ":" + path);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, out).isZero();
        return out;
    }

    /** Without what differs from run to run; the recorder prints events of several threads in no certain order. */
    private String comparable(String printed) {
        String text = printed.replace(directory + "/", "/tmp/")
                .replaceAll("/(run/user|tmp)/[\\w/-]*counter\\.sock", "SOCKET")
                .replaceAll("startTime = .*", "startTime = T")
                .replaceAll("(duration|waited) = .*", "$1 = T")
                .replaceAll("(client|daemon) = \\d+", "$1 = N")
                .replaceAll("javaThreadId = \\d+", "javaThreadId = N")
                // Calls behind a slow one are for workers.
                .replaceAll("\"auto-daemon-worker\"", "\"auto-daemon-server\"")
                .replaceAll("Use jcmd \\d+", "Use jcmd N")
                .replaceAll("(?m)^\\d+:$", "N:");
        return Arrays.stream(text.strip().split("\n\n", -1))
                .map(String::strip)
                .sorted()
                .collect(Collectors.joining("\n\n"));
    }
}
