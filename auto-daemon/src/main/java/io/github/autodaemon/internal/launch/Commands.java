package io.github.autodaemon.internal.launch;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.internal.client.CallerSignals;
import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.client.CommandClient;
import io.github.autodaemon.internal.client.LocalTerminal;
import io.github.autodaemon.internal.command.CommandRequest;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.Mode;
import io.github.autodaemon.internal.fs.Printable;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.startup.Front;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one command of a description's program, for this process. */
public final class Commands {
    private static final int FAILED = 1;

    private Commands() {}

    /** Makes connections for one command each. */
    public interface Source {
        /** To the daemon, which is started if need be. */
        ClientSession daemon();

        /** The connection is over. */
        void closed();

        /** The fingerprint of that daemon; null when it has none. */
        @Nullable
        Fingerprint fingerprint() throws IOException;

        /** To the program in this process. */
        ClientSession inProcess() throws IOException, InterruptedException;
    }

    /** Runs a command and returns its exit code; a failure is a line on standard error. */
    public static int run(DaemonConfig config, String[] args, Source source) {
        String name = name(config);
        try {
            LocalTerminal terminal = new LocalTerminal();
            CallerSignals signals = new CallerSignals(terminal);
            return run(name, args, terminal, signals, config, source);
        } catch (AutoDaemonException e) {
            return failed(name, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return failed(name, PrivateFiles.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(name, "interrupted");
        }
    }

    private static int failed(String name, String why) {
        System.err.println(name + ": " + Printable.of(why));
        return FAILED;
    }

    /**
     * The name of the command, for messages: the start script's, or else of the daemon's, which may have more words, the
     * first one.
     */
    private static String name(DaemonConfig config) {
        String called = System.getProperty("autodaemon.name", "");
        if (!called.isEmpty()) {
            return called;
        }
        String name = config.name().strip();
        int end = name.indexOf(' ');
        Path last = Path.of(end < 0 ? name : name.substring(0, end)).getFileName();
        return last == null ? name : last.toString();
    }

    private static void stamp(ClientSession session, DaemonConfig config, Source source) {
        Path stamp = Front.stamp();
        SocketPath reached = session.place();
        Hello hello = session.hello();
        if (stamp == null || reached == null || hello == null) {
            return;
        }
        try {
            Fingerprint fingerprint = source.fingerprint();
            if (fingerprint != null && fingerprint.digest().equals(hello.text("fingerprint"))) {
                Stamp.Comparison comparison = new Stamp.Comparison() {
                    @Override
                    public @Nullable Fingerprint fingerprint() throws IOException {
                        return source.fingerprint();
                    }
                };
                String unused = Stamp.write(stamp, reached.path(), fingerprint, config.environment(), comparison);
            }
        } catch (IOException e) {
            // Without it the next command takes a JVM's time, and nothing else; autod doctor says why.
            return;
        }
    }

    private static CommandRequest request(String name, String[] args, LocalTerminal terminal, DaemonConfig config)
            throws InterruptedException {
        String directory = System.getProperty("user.dir", "/");
        long dev = 0;
        long ino = 0;
        try {
            Map<String, Object> facts = Files.readAttributes(Path.of(directory), "unix:dev,ino");
            dev = facts.get("dev") instanceof Long number ? number : 0;
            ino = facts.get("ino") instanceof Long number ? number : 0;
        } catch (IOException | UnsupportedOperationException e) {
            // Deleted, say: the daemon cannot see it either.
            dev = 0;
        }
        int[] size = terminal.sizeAtStart();
        return new CommandRequest(
                List.of(args),
                name,
                directory,
                dev,
                ino,
                System.getenv(),
                terminal.streams(),
                List.of(size[0], size[1]),
                config.inheritUmask() ? ProcessIdentity.ownUmask() : -1,
                ProcessIdentity.ownPid());
    }

    private static int run(
            String name,
            String[] args,
            LocalTerminal terminal,
            CallerSignals signals,
            DaemonConfig config,
            Source source)
            throws IOException, InterruptedException {
        long timeout = TimeUnit.MILLISECONDS.toNanos(config.timeoutMillis());
        long deadline = System.nanoTime() + timeout;
        boolean cold = config.mode() == Mode.OFF;
        while (true) {
            ClientSession session = cold ? source.inProcess() : source.daemon();
            try {
                CommandRequest request = request(name, args, terminal, config);
                CommandClient.Result result =
                        CommandClient.run(session, request, terminal, signals, System.nanoTime() + timeout);
                if (result.refusal() == null) {
                    if (!cold && !config.debug()) {
                        stamp(session, config, source);
                    }
                    return result.code();
                }
                if (cold || System.nanoTime() - deadline > 0) {
                    throw new IOException("the command was not taken in time");
                }
                cold = result.refusal() == CommandClient.Refusal.COLD;
            } finally {
                session.close();
                source.closed();
            }
        }
    }
}
