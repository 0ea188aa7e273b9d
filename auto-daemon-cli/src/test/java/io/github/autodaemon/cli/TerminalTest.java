package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The script {@code autod} on a real terminal of 80 columns, which script(1) makes. */
@Timeout(60)
class TerminalTest {
    private static final Pattern ESCAPE = Pattern.compile("\033\\[[0-9;?]*[a-zA-Z]");

    @RegisterExtension
    final Scene scene = new Scene();

    /** A terminal, and what has come on it. */
    private final class Screen {
        private final Process process;
        private final StringBuilder seen = new StringBuilder();

        Screen(String environment, String... args) throws IOException {
            Path run = scene.directory().resolve("run.sh");
            Files.writeString(
                    run,
                    "trap : INT\nstty cols 80 rows 24\nstty -a >before\n" + environment + " " + scene.script() + " "
                            + String.join(" ", args) + "\necho \"code $?\"\nstty -a >after\n");
            List<String> command = List.of(
                    Tools.need("script", "bsdutils").toString(),
                    "-qec",
                    // The build may have been started with signals ignored, which a shell hands on and env(1) undoes.
                    "cd " + scene.directory() + "; exec env --default-signal=HUP,INT,QUIT sh run.sh",
                    "/dev/null");
            process = scene.start(command, new File("/dev/null"));
        }

        /** Reads on until a text has come, escape sequences left out. */
        String until(String text) throws IOException {
            while (!plain().contains(text)) {
                more();
            }
            return seen.toString();
        }

        void more() throws IOException {
            byte[] bytes = new byte[8192];
            int count = process.getInputStream().read(bytes);
            if (count < 0) {
                throw new AssertionError("no more comes than this: " + seen);
            }
            seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }

        String plain() {
            return ESCAPE.matcher(seen).replaceAll("");
        }

        void type(int key) throws IOException {
            process.getOutputStream().write(key);
            process.getOutputStream().flush();
        }

        void assertFits() {
            // Each picture of the live view begins at the top.
            String lines = ESCAPE.matcher(
                            seen.toString().replace("\033[H", "\n").replace("\033[?1049l", "\n"))
                    .replaceAll("");
            assertThat(lines.split("[\r\n]+"))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }

        void assertRestored() throws IOException {
            assertThat(scene.directory().resolve("after"))
                    .hasContent(Files.readString(scene.directory().resolve("before")));
        }
    }

    private Thread talk(Connection<Desk> desk, AtomicBoolean enough) {
        Thread talker = new Thread(() -> {
            while (!enough.get()) {
                desk.rpc().add(1);
            }
        });
        talker.start();
        return talker;
    }

    @Test
    void theLiveView() throws Exception {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            AtomicBoolean enough = new AtomicBoolean();
            Thread talker = talk(desk, enough);
            Screen screen = new Screen("", "ps", "--watch", "--interval", "500ms");
            screen.until("CALLS/S");
            // The first look knows no rate; a later one has calls a second, and how long one takes.
            while (!Pattern.compile("desk +serving +\\d+ +\\S+ +1 +\\d +[1-9]\\d+ +\\d+\\.\\d+ms")
                    .matcher(screen.plain())
                    .find()) {
                screen.more();
            }
            screen.type('q');
            String all = screen.until("code 0");
            enough.set(true);
            talker.join();
            screen.assertFits();
            assertThat(all).contains("\033[?1049h", "\033[?1049l", "\033[?25h", "\033[32mserving\033[0m");
            screen.process.waitFor();
            screen.assertRestored();
        }
    }

    @Test
    void ctrlCEndsTheLiveViewAndTheTerminalIsAsBefore() throws Exception {
        scene.start("desk");
        Screen screen = new Screen("", "ps", "--watch");
        screen.until("desk ");
        screen.type(3);
        String all = screen.until("code 130");
        assertThat(all).contains("\033[?1049l").doesNotContain("Exception");
        screen.process.waitFor();
        screen.assertRestored();
    }

    @Test
    void theTableFitsAndHasNoColoursWhereTheyAreNotWanted() throws Exception {
        scene.start("a-daemon-with-a-very-long-name-that-takes-half");
        Screen screen = new Screen("NO_COLOR=1", "ps");
        String all = screen.until("code 0");
        screen.assertFits();
        assertThat(all).contains("a-daemon-with-a-very").doesNotContain("\033[");
        screen.process.waitFor();
        Screen coloured = new Screen("", "ps");
        assertThat(coloured.until("code 0")).contains("\033[32midle");
        coloured.process.waitFor();
    }

    @Test
    void theLogIsFollowedUntilCtrlC() throws Exception {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            desk.rpc().print("first", "second");
            Screen screen = new Screen("", "logs", "-f", "desk");
            assertThat(screen.until("err second")).containsPattern("\033\\[31m\\S+ err second\033\\[0m");
            String longLine = "x".repeat(200);
            desk.rpc().print(longLine, "a bell \u0007 and an escape \033[2J");
            screen.until("escape ?[2J");
            assertThat(screen.plain()).contains("out " + longLine);
            screen.type(3);
            assertThat(screen.until("code 130")).doesNotContain("Exception");
            screen.process.waitFor();
            screen.assertRestored();
        }
    }

    /** What is for a terminal does not go into a file. */
    @Test
    void progressInAFileIsALine() throws Exception {
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            Scene.hold(desk);
            while (!scene.autod("status", "desk").out().contains("hold (running")) {
                Thread.onSpinWait();
            }
            Screen screen = new Screen("", "stop", "desk", "--timeout", "2s", "--kill", "2>err");
            assertThat(screen.until("code 0")).contains(" stopped");
            screen.process.waitFor();
            assertThat(Files.readString(scene.directory().resolve("err")))
                    .matches("autod: waits for desk \\(pid \\d+\\): hold of pid \\d+, for at most 2s\n");
        }
    }

    @Test
    void progressStaysOnItsLine() throws Exception {
        try (Connection<Desk> desk =
                scene.desk("a-desk-with-a-name-of-some-length").build().connect()) {
            Scene.hold(desk);
            while (!scene.autod("status", "a-desk-with-a-name-of-some-length")
                    .out()
                    .contains("hold (running")) {
                Thread.onSpinWait();
            }
            Screen screen = new Screen("", "stop", "a-desk-with-a-name-of-some-length", "--timeout", "2s", "--kill");
            screen.until("waits for a-desk-with-a-name-of-some-length (pid ");
            screen.until("1s of 2s");
            String all = screen.until("code 0");
            assertThat(all).contains("\r\033[K").contains(" stopped");
            screen.assertFits();
            screen.process.waitFor();
        }
    }
}
