package io.github.autodaemon;

import io.github.autodaemon.internal.socket.SocketPath;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The daemon's process. Its arguments, the name and the socket, are for {@code ps}; what counts comes as JSON on standard
 * input. It says one word on standard output ({@code ready}, {@code taken PID} or {@code failed REASON}, after the nonce
 * that the starter chose) and closes it; standard error is the log.
 *
 * <p>With the arguments of npm's {@code run.js} in front it is started by npm's client; see {@link NpmMain}.
 */
final class DaemonMain {
    private static final int FAILED = 1;
    private static final OutputStream LOG = new FileOutputStream(FileDescriptor.err);

    private DaemonMain() {}

    /** Runs a daemon. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].endsWith(NpmMain.RUN_JS)) {
            NpmMain.run(args);
            return;
        }
        // What the service prints goes to the log; the pipe is for the word alone.
        FileOutputStream pipe = new FileOutputStream(FileDescriptor.out);
        LogLines.install(LOG);
        String nonce = "";
        try {
            Map<?, ?> given = Description.read(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            nonce = Description.text(given, "nonce");
            log("started by pid " + Description.number(given, "startedBy") + " for "
                    + Description.text(given, "socket"));
            Server server = serve(
                    Description.parse(given),
                    SocketPath.at(SocketPath.parse(Description.text(given, "socket"))),
                    TimeUnit.MILLISECONDS.toNanos(Description.number(given, "patienceMillis")));
            Departure.onExit(server, Description.number(given, "drainMillis"));
            say(pipe, nonce + " ready " + ProcessHandle.current().pid());
            exitWith(server, Boolean.TRUE.equals(given.get("exitOnClose")));
        } catch (AddressInUseException e) {
            log("not needed: " + e.getMessage());
            say(pipe, nonce + " taken " + e.pid().orElse(0));
        } catch (Throwable t) {
            t.printStackTrace();
            say(pipe, nonce + " failed " + reason(t));
            System.exit(FAILED);
        }
    }

    /** Makes the service and listens. */
    static Server serve(Description description, SocketPath socket, long patienceNanos) throws Exception {
        Class<?> type = Class.forName(description.service());
        if (!Service.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(type.getName() + " does not implement " + Service.class.getName());
        }
        String declared = description.api();
        Class<?> api = declared == null ? InterfacePlan.declaredBy(type) : Class.forName(declared);
        if (api == null) {
            throw new IllegalArgumentException(type.getName()
                    + " does not say which interface it serves; let it implement Service<YourInterface>");
        }
        InterfacePlan plan = InterfacePlan.of(api);
        Server server = Server.of(instantiate(type), plan, description, socket, DaemonMain::log);
        server.listen(patienceNanos);
        return server;
    }

    static Service<?> instantiate(Class<?> type) throws Exception {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            if (!constructor.trySetAccessible()) {
                throw InterfacePlan.closed(type);
            }
            return (Service<?>) constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    type.getName() + " has no constructor without parameters, which the daemon needs", e);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw thrown instanceof Exception exception ? exception : e;
        }
    }

    /** Threads of the service that are no daemon threads keep the process alive, unless it is to exit. */
    static void exitWith(Server server, boolean exit) {
        var unused = server.gone().thenAccept(reason -> {
            log("left: " + reason);
            if (exit) {
                System.exit(0);
            }
        });
    }

    static void log(String line) {
        LogLines.own(LOG, line);
    }

    static String reason(Throwable t) {
        String message = t instanceof AutoDaemonException ? String.valueOf(t.getMessage()) : t.toString();
        return message.lines().findFirst().orElse("").strip();
    }

    private static void say(FileOutputStream pipe, String word) {
        // After this the starter's pipe ends: whoever reads what the starter prints is not kept waiting by its daemon.
        try (PrintStream out = new PrintStream(pipe, true, StandardCharsets.UTF_8)) {
            out.println(word);
        } finally {
            System.out.flush();
        }
        try {
            System.in.close();
        } catch (IOException e) {
            log("standard input did not close: " + e.getMessage());
        }
    }
}
