package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.command.Piece;
import io.github.autodaemon.internal.fs.Signals;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The signals of a process that calls a command.
 *
 * <pre>
 *   no command runs: a signal ends this process
 *     | accepted            ^ over
 *     v                     |
 *   RUNNING --a signal, told to the daemon--> TOLD --the program handles it--> RUNNING, and tells the next ones
 *                                               | a second signal, or three seconds
 *                                               v
 *                                             this process ends by the first one
 * </pre>
 */
public final class CallerSignals {
    /** What shells add to the number of a signal for an exit code. */
    static final int SIGNALLED = 128;

    /** The signals that are passed on; the JVM keeps SIGQUIT for itself. */
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private static final long GRACE = TimeUnit.SECONDS.toMillis(3);

    private final LocalTerminal terminal;
    private final Thread listening = new Thread(this::listen, "auto-daemon-signals");
    private final AtomicReference<@Nullable String> told = new AtomicReference<>();
    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Consumer<byte[]> command;

    /** Begins to listen, on another thread: the JDK's classes for that take some milliseconds. */
    public CallerSignals(LocalTerminal terminal) {
        this.terminal = terminal;
        listening.setDaemon(true);
        listening.start();
    }

    private void listen() {
        NUMBERS.forEach((name, number) -> {
            String unused = Signals.on(name, () -> signalled(name, number));
        });
        if (terminal.isAny()) {
            String unused = Signals.on("WINCH", this::resized);
        }
    }

    /** Waits until no signal is missed any more. */
    void awaitReady() throws InterruptedException {
        listening.join();
    }

    /** A command runs, which gets the pieces for signals. */
    void passTo(Consumer<byte[]> running) {
        command = running;
    }

    /** No command runs any more. */
    void over() {
        command = null;
    }

    /** The program handles this signal by itself: from now on it never ends this process. */
    void handledByProgram(int number) {
        handled.add(number);
        String name = told.get();
        if (name != null && number == NUMBERS.getOrDefault(name, 0)) {
            told.set(null);
        }
    }

    private void signalled(String name, int number) {
        Consumer<byte[]> running = command;
        if (running == null) {
            end(name);
        } else if (handled.contains(number)) {
            running.accept(Piece.of(Piece.SIGNAL, (byte) number));
        } else if (told.compareAndSet(null, name)) {
            running.accept(Piece.of(Piece.SIGNAL, (byte) number));
            Thread grace = new Thread(() -> endAfterGrace(name), "auto-daemon-grace");
            grace.setDaemon(true);
            grace.start();
        } else {
            String first = told.get();
            end(first == null ? name : first);
        }
    }

    private void endAfterGrace(String name) {
        try {
            Thread.sleep(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (name.equals(told.get())) {
            end(name);
        }
    }

    /** Ends this process as the command ended: by this signal. */
    void end(int number) {
        NUMBERS.forEach((name, known) -> {
            if (known == number) {
                end(name);
            }
        });
    }

    private void end(String name) {
        terminal.restore();
        Signals.die(name);
        Runtime.getRuntime().halt(SIGNALLED + NUMBERS.getOrDefault(name, 0));
    }

    private void resized() {
        Consumer<byte[]> running = command;
        if (running != null) {
            int[] size = LocalTerminal.measure();
            running.accept(Piece.of(
                    Piece.SIZE, (byte) (size[0] >> Byte.SIZE), (byte) size[0], (byte) (size[1] >> Byte.SIZE), (byte)
                            size[1]));
        }
    }
}
