package io.github.autodaemon.junit;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A service while a test, or a class of tests, has it. Nothing is made before it is asked for. */
final class Stage<T> {
    private static final long POLL_NANOS = 5_000_000;

    private final Setup<T> setup;
    private final List<Connection<T>> connections = new ArrayList<>();
    private @Nullable Path directory;
    private @Nullable AutoDaemon<T> description;
    private @Nullable Connection<T> connection;
    private boolean ended;

    /** What there was before the test that runs. */
    private @Nullable Usage before;

    /** How many of the connections there were before it. */
    private int connectionsBefore;

    /** What a test has failed for already. */
    private Usage reported = Usage.NONE;

    Stage(Setup<T> setup) {
        this.setup = setup;
    }

    synchronized Path directory() {
        Path made = directory;
        if (made == null) {
            if (ended) {
                throw new IllegalStateException("the test has ended");
            }
            try {
                made = Places.create();
            } catch (IOException e) {
                throw new UncheckedIOException("a directory for the test cannot be made", e);
            }
            directory = made;
        }
        return made;
    }

    Path socket() {
        return directory().resolve("sock");
    }

    synchronized AutoDaemon<T> description() {
        AutoDaemon<T> made = description;
        if (made == null) {
            made = setup.description(directory(), socket());
            description = made;
        }
        return made;
    }

    /** Always the same one during a test, so that no test mistakes a second daemon for its first. */
    synchronized Connection<T> connection() {
        Connection<T> made = connection;
        if (made == null) {
            made = description().connect();
            connection = made;
        }
        return made;
    }

    Connection<T> connect() {
        // Not in the lock: several threads may want to connect at the same moment.
        Connection<T> made = description().connect();
        boolean late;
        synchronized (this) {
            late = ended;
            connections.add(made);
        }
        if (late) {
            made.close();
            throw new IllegalStateException("the test has ended");
        }
        return made;
    }

    /** A test of a class that shares this stage begins. */
    synchronized void testBegins() {
        Connection<T> open = connection;
        if (open != null && !open.isOpen()) {
            connection = null;
        }
        before = directory == null ? reported : usage(new Leaks());
        connectionsBefore = connections.size();
    }

    /** It has ended, and {@code failure} is why it failed. */
    synchronized void testEnds(Optional<Throwable> failure) {
        Usage start = before;
        before = null;
        if (directory == null) {
            return;
        }
        Leaks leaks = new Leaks();
        if (start == null) {
            report(leaks, failure, "the test");
            return;
        }
        Usage left = awaitUsage(start, Usage::work, leaks);
        closeConnections(connectionsBefore);
        left = left.plus(awaitUsage(start.plus(left), UnaryOperator.identity(), leaks));
        reported = reported.plus(left);
        leaks.add(left);
        report(leaks, failure, "the test");
    }

    /** The test, or the class, has ended: nothing of it may be left. */
    synchronized void end(Optional<Throwable> failure, String when) {
        ended = true;
        Path place = directory;
        if (place == null) {
            return;
        }
        Leaks leaks = new Leaks();
        Usage left = awaitUsage(reported, Usage::work, leaks);
        closeConnections(0);
        left = left.plus(awaitUsage(reported.plus(left), UnaryOperator.identity(), leaks));
        leaks.add(left);
        stop(leaks);
        endProcesses(leaks);
        try {
            report(leaks, failure, when);
        } finally {
            Places.delete(place);
        }
    }

    private void closeConnections(int from) {
        List<Connection<T>> closing = connections.subList(from, connections.size());
        closing.forEach(Connection::close);
        closing.clear();
        Connection<T> shared = connection;
        if (ended && shared != null) {
            shared.close();
        }
    }

    /** Waits until no more is left than was before; what is left when the time is over. */
    private Usage awaitUsage(Usage start, UnaryOperator<Usage> part, Leaks leaks) {
        long deadline = System.nanoTime() + setup.patience().toNanos();
        Usage left = part.apply(usage(leaks).beyond(start));
        while (!left.isNone() && System.nanoTime() - deadline < 0) {
            // Nobody is told of the end of a stream or a call of another; hence the poll.
            LockSupport.parkNanos(POLL_NANOS);
            left = part.apply(usage(leaks).beyond(start));
        }
        return left;
    }

    private Usage usage(Leaks leaks) {
        // One that did not answer before would take the whole time of a connect again.
        if (!leaks.isEmpty() || !isUsed()) {
            return Usage.NONE;
        }
        try {
            return Survey.of(openConnections(), description(), setup.patience()).usage();
        } catch (RuntimeException e) {
            leaks.add("the service does not say what it does: " + e.getMessage());
            return Usage.NONE;
        }
    }

    private List<Connection<T>> openConnections() {
        List<Connection<T>> open = new ArrayList<>(connections);
        if (connection != null) {
            open.add(connection);
        }
        open.removeIf(c -> !c.isOpen());
        return open;
    }

    /** Whether there may be a service: the program under test can start a daemon by the path of the socket alone. */
    private boolean isUsed() {
        return description != null || daemonsWere();
    }

    private Path log() {
        return socket().resolveSibling(socket().getFileName() + ".log");
    }

    /** Whoever starts a daemon makes its log first. */
    private boolean daemonsWere() {
        return Files.exists(log());
    }

    private void stop(Leaks leaks) {
        if (!isUsed()) {
            return;
        }
        try {
            description().stop(setup.patience());
        } catch (RuntimeException e) {
            // Of a daemon its process tells.
            if (!daemonsWere()) {
                leaks.add("the service did not end: " + e.getMessage());
            }
        }
    }

    private void endProcesses(Leaks leaks) {
        if (!daemonsWere()) {
            return;
        }
        List<ProcessHandle> left = Processes.awaitEnd(socket(), setup.patience());
        if (!left.isEmpty()) {
            if (setup.inProcess()) {
                leaks.addUnwanted(left);
            } else {
                leaks.addRetired(left);
            }
            Processes.kill(socket());
        }
    }

    private void report(Leaks leaks, Optional<Throwable> failure, String when) {
        failure.ifPresent(thrown -> DaemonLog.addTo(thrown, log()));
        if (!leaks.isEmpty()) {
            LeakError error = leaks.error(setup.service().getSimpleName(), setup.patience(), when);
            if (failure.isEmpty()) {
                DaemonLog.addTo(error, log());
            }
            // After a failure, JUnit makes it a suppressed exception of that.
            throw error;
        }
    }
}
