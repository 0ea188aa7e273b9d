package io.github.autodaemon.internal.command;

import io.github.autodaemon.Invocation;
import io.github.autodaemon.Server;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A command, as its program sees it. */
final class CommandInvocation implements Invocation {
    /** Numbers of signal(7), which are the same on x86 and ARM. */
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "QUIT", 3, "TERM", 15, "WINCH", 28);

    static final int WINCH = 28;

    private final CommandRequest request;
    private final CommandHost host;
    private final BooleanSupplier cancelled;
    private final CallerStreams streams;
    private final PrintStream out;
    private final PrintStream err;
    private final CallerTerminal terminal;
    private final Map<Integer, Runnable> handlers = new ConcurrentHashMap<>();

    CommandInvocation(CommandRequest request, CallerStreams streams, CommandHost host, BooleanSupplier cancelled) {
        this.request = request;
        this.host = host;
        this.cancelled = cancelled;
        this.streams = streams;
        this.out = new PrintStream(streams.out(Piece.STDOUT), true, request.charset());
        this.err = new PrintStream(streams.out(Piece.STDERR), true, request.charset());
        this.terminal = new CallerTerminal(request, streams);
    }

    /** What the program does at a signal; null when it leaves it to the command. */
    @Nullable
    Runnable handler(int signal) {
        return handlers.get(signal);
    }

    CallerTerminal callerTerminal() {
        return terminal;
    }

    @Override
    public List<String> args() {
        return request.args();
    }

    @Override
    public List<String> daemonArgs() {
        return host.args();
    }

    @Override
    public String name() {
        return request.name();
    }

    @Override
    public Path directory() {
        return Path.of(request.cwd());
    }

    @Override
    public Map<String, String> environment() {
        return request.env();
    }

    @Override
    public InputStream in() {
        return streams.in();
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream err() {
        return err;
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    @Override
    public void onSignal(String signal, Runnable action) {
        Integer number = SIGNALS.get(signal);
        if (number == null) {
            throw new IllegalArgumentException("a command gets the signals " + SIGNALS.keySet() + ", not " + signal);
        }
        handlers.put(number, action);
    }

    @Override
    public boolean isCancelled() {
        return cancelled.getAsBoolean();
    }

    @Override
    public Executor turn() {
        return host.turn();
    }

    @Override
    public Server server() {
        return host.server();
    }
}
