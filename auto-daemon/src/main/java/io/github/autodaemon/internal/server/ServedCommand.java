package io.github.autodaemon.internal.server;

import io.github.autodaemon.Program;
import io.github.autodaemon.Server;
import io.github.autodaemon.internal.command.CommandHost;
import io.github.autodaemon.internal.command.CommandRequest;
import io.github.autodaemon.internal.command.CommandRun;
import io.github.autodaemon.internal.flight.CallEvent;
import io.github.autodaemon.internal.flight.Flight;
import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.Wire;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Admits a command and runs it. What a JVM cannot change for one command must be the daemon's own already; else the
 * caller is told to run the command by itself.
 */
final class ServedCommand implements CommandHost {
    /** The connection of the command. The monitor is held. */
    interface Owner {
        /** Answers the request and gives the connection to the command; false when the connection is over. */
        boolean accept(CommandRun run, Runnable whenSent);

        /** The command is over, or not waited for any more. */
        void ended();
    }

    private final ServerParts server;
    private final ClientQueue work;
    private final Request request;
    private final Owner owner;
    private final long came = System.nanoTime();
    private boolean sent;
    private volatile @Nullable CallEvent event;

    ServedCommand(ServerParts server, ClientQueue work, Request request, Owner owner) {
        this.server = server;
        this.work = work;
        this.request = request;
        this.owner = owner;
    }

    /** Begins, after the reading: a look at the caller's directory may wait for a file server. The monitor is held. */
    void begin(Wire wire, Monitor monitor) {
        Program program = server.host().program();
        if (program == null) {
            request.fail(ErrorObjects.of("this daemon's service is no program, and runs no commands"));
            return;
        }
        server.lifecycle().workStarted();
        server.scheduler().execute(new Runnable() {
            @Override
            public void run() {
                admit(program, wire, monitor);
            }
        });
    }

    private void refuse(String why) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>(ErrorObjects.of("the command was not run: " + why));
        error.put(CommandRequest.COLD, true);
        request.fail(error);
    }

    private void admit(Program program, Wire wire, Monitor monitor) {
        CommandRun run = null;
        boolean accepted = false;
        boolean serial = false;
        try {
            CommandRequest command = CommandRequest.parse(
                    request.args().isEmpty() ? null : request.args().get(0));
            serial = program.isSerial();
            String doubt = doubt(command, serial);
            if (doubt != null) {
                refuse(doubt);
                return;
            }
            run = new CommandRun(program, command, wire, monitor, this);
            doubt = server.isEmbedded() ? null : run.declined();
            if (doubt != null) {
                refuse(doubt);
                return;
            }
            accepted = accept(run, monitor);
        } catch (IllegalArgumentException e) {
            refuse(Thrown.message(e));
        } catch (Throwable t) {
            // The caller waits for an answer, and has one already if the command was accepted.
            server.log("a command was not run", t);
            request.fail(t);
        } finally {
            if (!accepted) {
                server.lifecycle().workEnded();
            }
        }
        if (accepted && run != null) {
            begin(run, serial);
        }
    }

    /**
     * True when the connection is the command's, which then ends by itself. Returns when the caller is sure to learn of
     * the acceptance, or is gone: then it may go on by itself, and the command is cancelled before it begins.
     */
    private boolean accept(CommandRun run, Monitor monitor) {
        monitor.lock();
        try {
            if (!owner.accept(run, () -> sent = true)) {
                return false;
            }
            boolean waits = true;
            while (waits) {
                try {
                    waits = !monitor.await(() -> sent || run.isCallerGone(), Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    // Meant for the work that this thread did before.
                    waits = true;
                }
            }
            return true;
        } finally {
            monitor.unlock();
        }
    }

    private void begin(CommandRun run, boolean serial) {
        if (serial) {
            turn().execute(() -> runInTurn(run));
        } else {
            runRecorded(run);
        }
    }

    /** As the call of a method: a call of this daemon from in here would wait for its own end, and is refused. */
    private void runInTurn(CommandRun run) {
        boolean unused = request.begin();
        try {
            runRecorded(run);
        } finally {
            request.end();
        }
    }

    private void runRecorded(CommandRun run) {
        if (Flight.isOn()) {
            event = new CallEvent(run.text(), run.pid(), System.nanoTime() - came);
        }
        run.run();
    }

    /** Why the command would not run here as in a process of its own; null when it would. */
    private @Nullable String doubt(CommandRequest command, boolean serial) {
        if (server.isEmbedded()) {
            return null;
        }
        try {
            Map<String, Object> seen = Files.readAttributes(Path.of(command.cwd()), "unix:dev,ino");
            if (!Long.valueOf(command.dev()).equals(seen.get("dev"))
                    || !Long.valueOf(command.ino()).equals(seen.get("ino"))) {
                return "the daemon sees another directory at " + command.cwd();
            }
        } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
            return "the daemon does not see the directory " + command.cwd();
        }
        int umask = server.config().inheritUmask() ? ProcessIdentity.ownUmask() : -1;
        if (umask >= 0 && command.umask() >= 0 && umask != command.umask()) {
            return "the daemon's umask is " + Integer.toOctalString(umask) + ", and the caller's "
                    + Integer.toOctalString(command.umask());
        }
        String own = server.daemonVariable();
        if (serial && own != null && own.equals(command.env().get(Hello.DAEMON_VARIABLE))) {
            return "commands run one at a time, and the one that runs may wait for it";
        }
        return null;
    }

    @Override
    public List<String> args() {
        return server.config().args();
    }

    @Override
    public Executor turn() {
        return work.queue();
    }

    @Override
    public Executor threads() {
        return server.threads();
    }

    @Override
    public Server server() {
        return server.host().server();
    }

    @Override
    public Runnable after(long nanos, Runnable action) {
        return server.loop().after(nanos, action)::cancel;
    }

    @Override
    public void failed(String what, Throwable thrown) {
        server.log(what, thrown);
    }

    @Override
    public void ended() {
        server.tally().answered(System.nanoTime() - came);
        CallEvent recorded = event;
        if (recorded != null) {
            recorded.ended("answered");
        }
        owner.ended();
        server.lifecycle().workEnded();
    }

    @Override
    public void abandoned(String command) {
        // In the loop: a session's lock is held here.
        server.loop().execute(() -> server.retire(Reason.stuck(command)));
        owner.ended();
        server.lifecycle().workEnded();
    }
}
