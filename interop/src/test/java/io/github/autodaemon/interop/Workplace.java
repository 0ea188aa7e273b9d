package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A directory for one test, with what it has opened there. */
final class Workplace extends TestDirectory {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        super.afterEach(context);
    }

    /** Where the daemon of this test listens. */
    Path socket() {
        return directory().resolve("s");
    }

    /** Writes a file. */
    Path file(String name, String content) {
        try {
            return Files.writeString(directory().resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a program. */
    Path executable(String name, String content) {
        try {
            return Files.setPosixFilePermissions(file(name, content), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes {@code resource} after the test, before the processes are ended. */
    <R extends AutoCloseable> R closeLater(R resource) {
        opened.push(resource);
        return resource;
    }

    /** The description of a Java daemon that serves {@link WorkshopService}. */
    AutoDaemonBuilder<Workshop> javaDaemon() {
        return AutoDaemon.of(Workshop.class, WorkshopService.class).socket(socket());
    }

    /** The description, for typed calls, of a node daemon that serves {@code workshop.js}. */
    AutoDaemonBuilder<Workshop> npmDaemon() {
        return npm(javaDaemon(), NpmPackages.script("workshop.js"));
    }

    /** The description, for calls by name, of a node daemon. */
    AutoDaemonBuilder<Rpc> npmDaemon(Path rpcFile, String... methods) {
        return npm(AutoDaemon.dynamic(methods).socket(socket()), rpcFile);
    }

    private static <T> AutoDaemonBuilder<T> npm(AutoDaemonBuilder<T> description, Path rpcFile) {
        return description.command("node", NpmPackages.runJs().toString(), rpcFile.toString());
    }

    /** Connects, until the test is over. */
    <T> Connection<T> connect(AutoDaemonBuilder<T> description) {
        return closeLater(description.build().connect());
    }

    /** Connects to the Java daemon, until the test is over. */
    Connection<Workshop> connect() {
        return connect(javaDaemon());
    }

    /** Runs a script of these tests; its first argument is the socket. */
    NodeProcess node(String script, String... args) {
        List<String> all = new ArrayList<>(List.of(socket().toString()));
        all.addAll(Arrays.asList(args));
        return closeLater(NodeProcess.start(directory(), NpmPackages.script(script), all));
    }

    /** Runs a script of these tests to its end and returns what it printed. */
    List<String> run(String script, String... args) {
        return node(script, args).finish();
    }

    /** The one daemon of this test. */
    ProcessHandle daemon() {
        List<ProcessHandle> all = daemons();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** Waits until no daemon of this test runs: one that was closed ends after its last answer. */
    void awaitNoDaemon() {
        daemons().forEach(Processes::awaitEnd);
        assertThat(daemons()).isEmpty();
    }
}
