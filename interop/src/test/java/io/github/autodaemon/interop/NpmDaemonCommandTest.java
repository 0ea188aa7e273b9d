package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.cli.Autod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code autod} and a daemon that npm's {@code run.js} runs. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmDaemonCommandTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private String autod(String input, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Autod.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_RUNTIME_DIR", workplace.directory().toString());
        Process process = builder.start();
        try (var to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It does not read what it does not want.
            assertThat(e).hasMessageContaining("pipe");
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + "\n" + out;
    }

    @Test
    void itIsCalledAndNothingElse() throws Exception {
        try (Connection<Rpc> connection =
                workplace.connect(workplace.npmDaemon(NpmPackages.script("workshop.js"), "add"))) {
            String socket = workplace.socket().toString();
            assertThat(connection.rpc().call("add", 2)).isEqualTo(2L);
            assertThat(autod("", "call", socket, "add", "3")).isEqualTo("0\n5\n");
            assertThat(autod("", "call", socket, "none")).startsWith("1\nautod: the service says: ");
            assertThat(autod("there and back", "call", socket, "mirror:s")).isEqualTo("0\nthere and back");
            assertThat(autod("", "call", "--timeout", "200ms", socket, "missing:s"))
                    .isEqualTo("1\n"
                            + "autod: the stream failed: the stream was cancelled: nothing came for 200ms; npm's"
                            + " daemon says nothing when it has no such method\n");
            String npm = " (" + socket + "): a daemon of npm's, which says nothing about itself\n";
            assertThat(autod("", "status", socket)).isEqualTo("1\nautod: s" + npm);
            assertThat(autod("", "stop", "--kill", socket)).isEqualTo("1\nautod: s" + npm);
            assertThat(connection.rpc().call("add", 1)).isEqualTo(6L);
        }
    }

    @Test
    void closeIsSaidWithoutAnAnswer() throws Exception {
        Path service = workplace.file(
                "closing.js",
                "module.exports = function (server, stream) { return {close: function () { server.close();"
                        + " stream.destroy() } } }");
        workplace.connect(workplace.npmDaemon(service, "close"));
        assertThat(autod("", "call", workplace.socket().toString(), "close")).startsWith("0\n");
    }
}
