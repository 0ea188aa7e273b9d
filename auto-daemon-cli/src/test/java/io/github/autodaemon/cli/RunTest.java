package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import io.github.autodaemon.cli.Scene.Ran;
import io.github.autodaemon.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code run}: a service in the foreground, also on a socket that systemd made. */
@Timeout(60)
class RunTest {
    private static final String CLASSES = "target/test-classes";

    @RegisterExtension
    final Scene scene = new Scene();

    private Path err() {
        return scene.directory().resolve("run.err");
    }

    private Process run(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("run"));
        command.addAll(List.of(args));
        Process process = scene.start(scene.command(command.toArray(new String[0])), err().toFile());
        awaitText("serves ");
        return process;
    }

    private void awaitText(String text) throws IOException {
        while (!Files.exists(err()) || !Files.readString(err()).contains(text)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void clientsFindItAndSigtermEndsIt() throws Exception {
        Process run = run("--name", "desk", "--service", DeskService.class.getName(), "--", CLASSES);
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            assertThat(desk.spawned()).isEmpty();
            assertThat(desk.pid()).hasValue(run.pid());
            assertThat(desk.rpc().add(2)).isEqualTo(2);
            assertThat(scene.autod("status", "desk").out()).contains("in the foreground, by pid " + run.pid());
            Ran second = scene.autod("run", "--name", "desk", "--service", DeskService.class.getName(), "--", CLASSES);
            assertThat(second.code()).isEqualTo(1);
            assertThat(second.err()).contains("" + run.pid()).doesNotContain("\tat ");
        }
        Processes.signal(run.pid(), "TERM");
        assertThat(run.waitFor()).isEqualTo(143);
        assertThat(scene.socket("desk")).doesNotExist();
        assertThat(run.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void aCallThatDoesNotEndIsBounded() throws Exception {
        Process run =
                run("--name", "desk", "--drain", "100ms", "--service", DeskService.class.getName(), "--", CLASSES);
        try (Connection<Desk> desk = scene.desk("desk").build().connect()) {
            Thread holder = Scene.hold(desk);
            while (!scene.autod("status", "desk").out().contains("hold (running")) {
                Thread.onSpinWait();
            }
            Processes.signal(run.pid(), "TERM");
            assertThat(run.waitFor()).isEqualTo(143);
            assertThat(Files.readString(err())).contains("autod: it was not done after 100ms\n");
            holder.join();
        }
    }

    @Test
    void stopEndsItAndItsExitCodeIs0() throws Exception {
        Process run = run("--name", "desk", "--service", DeskService.class.getName(), "--", CLASSES);
        assertThat(scene.autod("stop", "desk").out()).isEqualTo("desk (pid " + run.pid() + ") stopped\n");
        assertThat(run.waitFor()).isZero();
        assertThat(Files.readString(err())).contains("autod: left: stopped by pid ");
    }

    /** A class path that says itself which class is the service. */
    @Test
    void theServiceThatTheJarsDeclare() throws Exception {
        Path source = Files.writeString(scene.directory().resolve("Hello.java"), """
                import io.github.autodaemon.Client;
                import io.github.autodaemon.Service;
                public class Hello implements Service<Hello.Api> {
                    public interface Api { String hello(String name); }
                    @Override public Api connected(Client client) {
                        return name -> "Hello " + name + " " + client.args();
                    }
                }
                """);
        Path classes = scene.directory().resolve("classes");
        Path declared = Files.createDirectories(classes.resolve("META-INF/services"));
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(errors).isZero();
        Ran undeclared = scene.autod("run", "--name", "hello", "--", classes.toString());
        assertThat(undeclared.code()).isEqualTo(2);
        assertThat(undeclared.err()).startsWith("autod: say which class is the service, with --service: ");
        Files.writeString(declared.resolve("io.github.autodaemon.Service"), "Hello\n");
        Process run = run("--name", "hello", "--arg", "x", "--", classes.toString());
        assertThat(scene.autod("call", "hello", "hello", "world").out()).isEqualTo("\"Hello world [x]\"\n");
        assertThat(scene.autod("stop", "hello").code()).isZero();
        assertThat(run.waitFor()).isZero();
    }

    @Test
    void usedWrongly() throws Exception {
        assertThat(scene.autod("run", "--", CLASSES).err())
                .startsWith("autod: say where it listens: --name, --socket or --activation\n");
        assertThat(scene.autod("run", "--name", "x", "--", "none.jar"))
                .isEqualTo(new Ran(2, "", "autod: there is no none.jar\n"));
        assertThat(scene.autod("run", "--name", "x", "--service", "No", "--", CLASSES))
                .isEqualTo(new Ran(2, "", "autod: there is no class No in [" + CLASSES + "]\n"));
        assertThat(scene.autod("run", "--name", "x", "--service", "java.lang.Object", "--", CLASSES)
                        .err())
                .isEqualTo("autod: java.lang.Object does not implement io.github.autodaemon.Service\n");
        Ran noSocket = scene.autod("run", "--activation", "--service", DeskService.class.getName(), "--", CLASSES);
        assertThat(noSocket.code()).isEqualTo(2);
        assertThat(noSocket.err()).startsWith("autod: --activation: standard input is no listening Unix socket");
    }

    private List<String> unit(String file) throws IOException {
        String document = Files.readString(Scene.ROOT.resolve("docs/systemd.md"));
        int from = document.indexOf("# ~/.config/systemd/user/" + file);
        assertThat(from).isNotNegative();
        return document.substring(from, document.indexOf("```", from)).lines().toList();
    }

    private static String value(List<String> unit, String key) {
        return unit.stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    /** The command of the unit in docs/systemd.md, started by the first connection, on systemd's own socket. */
    @Test
    void socketActivation() throws Exception {
        Path activate = Tools.need("systemd-socket-activate", "systemd");
        List<String> service = unit("counter.service");
        List<String> socket = unit("counter.socket");
        assertThat(value(service, "StandardInput")).isEqualTo("socket");
        assertThat(value(service, "SuccessExitStatus")).isEqualTo("143");
        Path path = Path.of(
                value(socket, "ListenStream").replace("%t", scene.directory().toString()));
        assertThat(path).isEqualTo(scene.socket("counter"));
        String counter = CounterClasses.path().toString();
        String start = value(service, "ExecStart")
                .replace("%h/auto-daemon/autod", scene.script().toString())
                .replace("%h/auto-daemon/examples/counter/target/counter.jar", counter);
        assertThat(start).doesNotContain("%");
        List<String> command = new ArrayList<>(List.of(activate.toString(), "--inetd", "-l", path.toString()));
        for (String variable : List.of("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "JAVA_HOME")) {
            command.addAll(List.of("-E", variable));
        }
        command.addAll(List.of(start.split(" ")));
        Process run = scene.start(command, err().toFile());
        awaitText("Listening on ");
        assertThat(scene.autod("call", "counter", "add", "2").out()).isEqualTo("2\n");
        assertThat(scene.autod("call", "counter", "add", "3").out()).isEqualTo("5\n");
        assertThat(scene.autod("ps").out()).contains("in the foreground, by pid " + run.pid());
        Processes.signal(run.pid(), "TERM");
        assertThat(run.waitFor()).isEqualTo(143);
        // It is systemd's, which goes on to listen.
        assertThat(path).exists();
        assertThat(Files.readString(err())).contains("retiring: stopped by the program that it runs in");
    }

    /** systemd itself has nothing to say against the units. */
    @Test
    void theUnitsAreWellFormed() throws Exception {
        Path analyze = Tools.need("systemd-analyze", "systemd");
        List<String> files = new ArrayList<>();
        for (String name : List.of("counter.service", "counter.socket")) {
            Path file = scene.directory().resolve(name);
            String text = String.join("\n", unit(name));
            Files.writeString(
                    file, text.replace("%h/auto-daemon/autod", scene.script().toString()) + "\n");
            files.add(file.toString());
        }
        List<String> command = new ArrayList<>(List.of(analyze.toString(), "--user", "verify"));
        command.addAll(files);
        assertThat(scene.run(command, "")).isEqualTo(new Ran(0, "", ""));
    }
}
