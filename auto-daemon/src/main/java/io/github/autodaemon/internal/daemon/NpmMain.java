package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.server.LaunchContext;
import io.github.autodaemon.internal.server.TakenException;
import io.github.autodaemon.internal.startup.ArchiveMaker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that npm's client starts, through {@code opts.execPath}, in place of node and npm's {@code run.js}. Its
 * arguments are
 *
 * <pre>
 *   .../run.js RPCFILE --sockfile PATH --autoclose BOOL --parentpid PID --exit BOOL -- ARGS...
 * </pre>
 *
 * where RPCFILE names a service class. When the daemon listens it sends SIGUSR2 to its parent, which then connects.
 */
final class NpmMain {
    static final String RUN_JS = "run.js";

    private NpmMain() {}

    static void run(String[] args) {
        try {
            String service = "";
            String socket = "";
            long parent = 0;
            boolean autoClose = false;
            boolean exit = false;
            List<String> extra = new ArrayList<>();
            int i = 1;
            while (i < args.length) {
                String word = args[i++];
                if (word.equals("--")) {
                    extra.addAll(List.of(args).subList(i, args.length));
                    break;
                }
                if (!word.startsWith("--")) {
                    service = word;
                    continue;
                }
                String value = i < args.length ? args[i++] : "";
                switch (word) {
                    case "--sockfile" -> socket = value;
                    case "--autoclose" -> autoClose = value.equals("true");
                    case "--parentpid" -> parent = Long.parseLong(value);
                    case "--exit" -> exit = value.equals("true");
                    default -> DaemonLog.say("the option " + word + " is not known and has no effect");
                }
            }
            DaemonConfig config = DaemonConfig.of(service, List.copyOf(extra), autoClose, exit);
            Shutdown shutdown = new Shutdown(config.drainMillis(), exit, new ArchiveMaker(DaemonLog::say));
            shutdown.begin();
            LaunchContext context = new LaunchContext(
                    parent,
                    "started by npm's client",
                    "pid " + parent,
                    false,
                    null,
                    Map.of(),
                    DaemonLog::say,
                    shutdown,
                    serves -> {});
            ServiceServer server = ServiceFactory.listen(
                    config, SocketPath.at(PrivateFiles.parse(socket)), context, TimeUnit.SECONDS.toNanos(1), () -> {});
            shutdown.watch(server);
            server.serve();
            tell(parent);
        } catch (TakenException e) {
            DaemonLog.say("not needed: " + e.getMessage());
            System.exit(1);
        } catch (Throwable t) {
            t.printStackTrace();
            System.exit(1);
        }
    }

    /**
     * Sends the signal, once: a second one would end npm's client. A process id that is not our parent's may by now
     * belong to any process, and SIGUSR2 ends a process that does not expect it.
     */
    private static void tell(long parent) throws Exception {
        boolean own = ProcessHandle.current()
                .parent()
                .map(handle -> handle.pid() == parent)
                .orElse(false);
        if (parent > 1 && own) {
            int code = new ProcessBuilder("/bin/sh", "-c", "kill -USR2 \"$0\"", Long.toString(parent))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (code != 0) {
                DaemonLog.say("the client (pid " + parent + ") could not be told that this daemon is ready");
            }
        }
    }
}
