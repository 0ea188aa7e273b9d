package io.github.autodaemon.examples.notes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command on a terminal of 80 columns, and what of it is shown when a stream is a file. */
@Timeout(120)
class ProgressTerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final int COLUMNS = 80;
    private static final int FILES = 20;
    private static final String REPORT = FILES + " indexed, 0 updated, 0 removed, 0 unchanged, 0 skipped";
    private static final String FULL = "[" + "#".repeat(40) + "] 100% " + FILES + " of " + FILES + " files";

    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = new Desk();
        for (int i = 0; i < FILES; i++) {
            desk.write(i + ".txt", "heron\n");
        }
        // The daemon is another's, so that the desk knows it.
        desk.run("find", "nothing");
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    /** What the terminal gets of the command, which ends with {@code redirection}. */
    private String onTerminal(String redirection) throws Exception {
        if (!Files.isExecutable(SCRIPT)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need script(1)");
            }
            abort("there is no script(1) to make a terminal with");
        }
        Path command = desk.home().resolve("command.sh");
        Files.writeString(
                command,
                "stty cols " + COLUMNS + " || exit 9\nexec '"
                        + ProcessHandle.current().info().command().orElseThrow() + "' -cp '"
                        + System.getProperty("java.class.path") + "' " + NotesCommand.class.getName() + " --socket "
                        + desk.socket() + " --index " + desk.index() + " index " + desk.notes + redirection + "\n");
        Process process = new ProcessBuilder(SCRIPT.toString(), "-qefc", "exec sh " + command, "/dev/null")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(shown).isZero();
        return shown;
    }

    /** What stands on the screen in the end: carriage returns, line feeds and "erase to the end of the line" are obeyed. */
    private static List<String> screen(String shown) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int column = 0;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
                column = 0;
            } else if (shown.startsWith("\033[K", i)) {
                line.setLength(column);
                i += 2;
            } else {
                assertThat(c).as("no other control character").isGreaterThanOrEqualTo(' ');
                line.replace(column, Math.min(column + 1, line.length()), String.valueOf(c));
                column++;
                assertThat(column).as(shown).isLessThan(COLUMNS);
            }
        }
        assertThat(line).as("what has no end").isEmpty();
        return lines;
    }

    @Test
    void aBarGrowsInItsLineAndOnlyTheReportIsLeft() throws Exception {
        String shown = onTerminal("");
        assertThat(shown).contains("\r" + FULL);
        assertThat(screen(shown)).containsExactly(REPORT);
    }

    @Test
    void aFileOfErrorsGetsPlainLines() throws Exception {
        Path errors = desk.home().resolve("errors");
        assertThat(screen(onTerminal(" 2>" + errors))).containsExactly(REPORT);
        assertThat(Files.readString(errors))
                .matches("(notes: [0-9]+ of 20 files\n)+")
                .endsWith("notes: " + FILES + " of " + FILES + " files\n");
    }

    @Test
    void theBarIsShownThoughTheReportGoesToAFile() throws Exception {
        Path report = desk.home().resolve("report");
        String shown = onTerminal(" >" + report);
        assertThat(shown).contains("\r" + FULL);
        assertThat(screen(shown)).isEmpty();
        assertThat(report).hasContent(REPORT);
    }
}
