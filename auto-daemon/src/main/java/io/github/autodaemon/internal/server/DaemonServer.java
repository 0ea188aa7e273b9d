package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.flight.Flight;
import io.github.autodaemon.internal.flight.RetireEvent;
import io.github.autodaemon.internal.fs.LockFile;
import io.github.autodaemon.internal.fs.PrivateFiles;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.net.SocketWire;
import io.github.autodaemon.internal.net.Workers;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Hello;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Serves one service on one socket, on a thread that reads for all connections and runs their calls; see {@link LeaderFollowers}. */
public final class DaemonServer implements ServerParts {
    /** The time that a client may take from the first byte of its first message to the last. */
    private static final long FIRST_MESSAGE = TimeUnit.SECONDS.toNanos(10);

    /** A client that connected less than this before a drain may still make its one call. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

    private final ServiceAdapter host;
    private final DaemonConfig config;
    private final LaunchContext context;
    private final long firstMessage;
    private final Loop loop;
    /** How many futures may be in cancellation at once: their callbacks are the service's code, and may block. */
    static final int CANCELLING = 4;

    private final Executor threads;
    private final LeaderFollowers leadership;
    private final Executor elsewhere = new Executor() {
        @Override
        public void execute(Runnable task) {
            leadership.execute(threads, task);
        }
    };
    private final FairScheduler turn;
    private final FairScheduler cancellations;
    private final Lifecycle lifecycle;
    private final Map<String, @Nullable Object> identity;
    private final CompletableFuture<Reason> gone = new CompletableFuture<>();
    private final Sessions sessions = new Sessions();
    private final Acceptance acceptance = new Acceptance(this);
    private final CallMetrics tally = new CallMetrics();

    private volatile @Nullable Address address;
    private volatile @Nullable Index index;
    private volatile @Nullable Housekeeping upkeep;
    private volatile Replacements replacements = new Replacements(false, false, List.of(), Clock.WALL);
    private volatile long since = System.currentTimeMillis();
    private volatile boolean begun;
    private volatile @Nullable Reason leftBecause;

    /** A server that does not listen yet; {@code identity} holds the hello's fields about the service. */
    public DaemonServer(
            ServiceAdapter host, DaemonConfig config, Map<String, @Nullable Object> identity, LaunchContext context)
            throws IOException {
        this(
                host,
                config,
                identity,
                context,
                FIRST_MESSAGE,
                Workers.create(),
                config.concurrency() > 1 ? Workers.createLight() : null);
    }

    /**
     * As above.
     *
     * @param firstMessage nanoseconds that a client may take from the first byte of its first message to the last
     * @param callers run the calls of a service that takes several calls at once
     */
    DaemonServer(
            ServiceAdapter host,
            DaemonConfig config,
            Map<String, @Nullable Object> identity,
            LaunchContext context,
            long firstMessage,
            Executor threads,
            @Nullable Executor callers)
            throws IOException {
        this.host = host;
        this.config = config;
        this.context = context;
        this.firstMessage = firstMessage;
        this.threads = threads;
        this.leadership = new LeaderFollowers(threads, new Course());
        // Twice the longest line: one line that is being read, and one that is being sent, are no reason to end a
        // connection.
        this.loop = new Loop(
                Math.max(
                        Runtime.getRuntime().maxMemory() / 4,
                        2L * config.limits().line()),
                context.log());
        Consumer<Throwable> failures = new Consumer<Throwable>() {
            @Override
            public void accept(Throwable thrown) {
                log("a task of the service failed", thrown);
            }
        };
        FairScheduler.Threads running = callers == null ? leadership : task -> leadership.execute(callers, task);
        this.turn = new FairScheduler(config.concurrency(), running, failures);
        this.cancellations = new FairScheduler(
                CANCELLING,
                new FairScheduler.Threads() {
                    @Override
                    public void execute(Runnable task) {
                        elsewhere.execute(task);
                    }
                },
                failures);
        this.lifecycle = new Lifecycle(Clock.MONOTONIC, expiries(), new Transitions());
        this.identity = StatusReport.identity(identity, config.limits(), context);
    }

    /**
     * Listens; connections wait until {@link #serve()}. When listening fails the address is given up.
     *
     * @throws TakenException when another daemon serves at the path
     */
    public synchronized void listen(Address reserved) throws IOException {
        if (address != null) {
            throw new IllegalStateException("this server listens already, on " + reserved.path());
        }
        try {
            reserved.listen(loop, acceptance);
            address = reserved;
        } finally {
            if (address == null) {
                reserved.close();
            }
        }
    }

    /** Starts to serve connections. */
    public synchronized void serve() {
        Address held = address;
        if (held == null) {
            throw new IllegalStateException("this server does not listen");
        }
        History history = new History(held.path(), context.log());
        history.started(hello(), context.why(), context.by());
        Replacements begun = new Replacements(context.isSpawned(), config.exclusive(), history.replaced(), Clock.WALL);
        replacements = begun;
        Index entry = new Index(held.path(), hello(), context.log());
        entry.enter();
        index = entry;
        begin(false);
        loop.after(Replacements.PATIENCE, new Runnable() {
            @Override
            public void run() {
                begun.starterServed();
            }
        });
        Housekeeping keeper = new Housekeeping(this, held, entry);
        upkeep = keeper;
        keeper.begin();
    }

    /**
     * Starts to serve connections that {@link #serve} hands over; keeps no process alive.
     *
     * @param lock released when this server is gone
     */
    public synchronized void embed(@Nullable LockFile lock) {
        if (lock != null) {
            var unused = gone.thenAccept(reason -> {
                try {
                    lock.close();
                } catch (IOException e) {
                    context.log().accept("the address lock could not be released: " + PrivateFiles.reason(e));
                }
            });
        }
        begin(true);
    }

    /** True if the server accepts no new clients any more. */
    public boolean hasRetired() {
        Lifecycle.State state = lifecycle.state();
        return state == Lifecycle.State.RETIRING || state == Lifecycle.State.GONE;
    }

    @Override
    public boolean serve(SocketChannel channel) throws IOException {
        if (!lifecycle.admit()) {
            return false;
        }
        boolean counted = false;
        try {
            ServerSession session = new ServerSession(this, channel);
            sessions.add(session);
            counted = true;
            session.start();
        } finally {
            if (!counted) {
                lifecycle.leave(true);
            }
        }
        return true;
    }

    private void begin(boolean embedded) {
        since = System.currentTimeMillis();
        begun = true;
        lifecycle.started();
        // No daemon threads, unless embedded: these threads keep the process alive while it serves.
        leadership.start(embedded);
    }

    @Override
    public void replaceable(String digest, Consumer<Map<String, @Nullable Object>> done) {
        replacements.afterStarter(() -> {
            Map<String, @Nullable Object> terms = new LinkedHashMap<>();
            terms.put("refused", replacements.refusal(digest));
            terms.put("exclusive", config.exclusive());
            done.accept(terms);
        });
    }

    @Override
    public void replace(String by, String difference, Consumer<@Nullable String> done) {
        // In the loop: a session's lock may be held here, and draining takes the lock of each session, one at a time.
        replacements.afterStarter(() -> loop.execute(() -> {
            String refusal = replacements.refusal();
            if (refusal == null) {
                retire(Reason.replaced(by, difference));
            }
            done.accept(refusal);
            if (refusal == null && config.exclusive()) {
                // After the answer: draining also ends the requesting client's connection.
                drain(Reason.replaced(by, difference));
            }
        }));
    }

    @Override
    public void drain(Reason reason) {
        context.leaving().accept(reason);
        retire(reason);
        for (ServedClient session : sessions.all()) {
            if (session.isNew(GRACE)) {
                loop.after(GRACE, session::drain);
            } else {
                session.drain();
            }
        }
    }

    /** The path that the server listens at; null before it listens. */
    public @Nullable SocketPath path() {
        Address held = address;
        return held == null ? null : held.path();
    }

    @Override
    public void retire(Reason reason) {
        lifecycle.retire(reason);
    }

    /** Completes, with the reason for leaving, when nothing is left to do. */
    public CompletableFuture<Reason> gone() {
        return gone;
    }

    @Override
    public void acquire() {
        lifecycle.acquire();
    }

    @Override
    public void release() {
        lifecycle.release();
    }

    @Override
    public String id() {
        return String.valueOf(identity.get("id"));
    }

    @Override
    @Nullable
    public String daemonVariable() {
        return context.isSpawned() ? System.getenv(Hello.DAEMON_VARIABLE) : null;
    }

    @Override
    public Map<String, @Nullable Object> hello() {
        return Hello.daemon(identity);
    }

    @Override
    public boolean isEmbedded() {
        return address == null;
    }

    @Override
    public boolean accepts() {
        return acceptance.works();
    }

    @Override
    public Map<String, @Nullable Object> status() {
        return StatusReport.of(this, identity, since);
    }

    @Override
    public void greeted(long pid) {
        lifecycle.serves();
        if (pid == context.starter()) {
            replacements.starterServed();
        }
    }

    @Override
    public Sessions sessions() {
        return sessions;
    }

    @Override
    public CallMetrics tally() {
        return tally;
    }

    @Override
    public ServiceAdapter host() {
        return host;
    }

    @Override
    public DaemonConfig config() {
        return config;
    }

    @Override
    public LaunchContext context() {
        return context;
    }

    @Override
    public long firstMessage() {
        return firstMessage;
    }

    private List<Expiry> expiries() {
        List<Expiry> expiries = new ArrayList<>();
        if (config.autoClose()) {
            expiries.add(Expiry.unreferenced(TimeUnit.MILLISECONDS.toNanos(config.lingerMillis())));
        }
        long idle = TimeUnit.MILLISECONDS.toNanos(config.idleMillis(context.beside()));
        if (idle > 0) {
            expiries.add(Expiry.idle(idle));
        }
        return expiries;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public Executor scheduler() {
        return leadership;
    }

    @Override
    public Executor threads() {
        return threads;
    }

    @Override
    public Executor elsewhere() {
        return elsewhere;
    }

    @Override
    public FairScheduler cancellations() {
        return cancellations;
    }

    @Override
    public SocketWire.Batch batch() {
        return leadership;
    }

    @Override
    public FairScheduler turn() {
        return turn;
    }

    @Override
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public void log(String what, Throwable t) {
        try {
            context.log().accept(what + ": " + ErrorObjects.stack(t));
        } catch (Throwable again) {
            // Out of memory, say; the failure cannot be reported elsewhere.
            assert again != t;
        }
    }

    private void over(Reason reason) {
        loop.close();
        gone.complete(reason);
    }

    /**
     * The leader reports the end, when it has left its system call: a process that exits while a thread is inside a
     * system call is delayed by 300 ms.
     */
    private final class Course implements LeaderFollowers.Course {
        @Override
        public boolean next(long nanos) throws IOException {
            loop.runOnce(nanos, true);
            return leftBecause == null;
        }

        @Override
        public void tick() {
            Housekeeping begun = upkeep;
            if (begun != null) {
                begun.tick();
            }
        }

        @Override
        public void wakeup() {
            loop.wakeup();
        }

        @Override
        public void failed(Throwable thrown) {
            log("something failed in the server's loop", thrown);
        }

        @Override
        public void over() {
            Reason reason = leftBecause;
            DaemonServer.this.over(reason == null ? Reason.broken() : reason);
        }
    }

    private final class Transitions implements Lifecycle.Actions {
        @Override
        public void wakeAfter(long nanos) {
            loop.after(nanos, new Runnable() {
                @Override
                public void run() {
                    lifecycle.expire();
                }
            });
        }

        @Override
        public void retiring(Reason reason) {
            if (Flight.isOn()) {
                new RetireEvent(reason.text(), sessions.clients(), sessions.calls()).commit();
            }
            Address held = address;
            if (held == null) {
                return;
            }
            context.log().accept("retiring: " + reason);
            try {
                held.giveUpPath();
                loop.wakeup();
                // Before the lock is given up: from then on the files at the path are the successor's.
                new History(held.path(), context.log()).left(reason, context.digest());
            } catch (IOException e) {
                context.log().accept("giving up the socket: " + PrivateFiles.reason(e));
            }
            if (!config.exclusive()) {
                unlock(held);
            }
        }

        @Override
        public void gone(Reason reason) {
            if (begun) {
                // On another thread: a lock is held here, and a service may take its time to close.
                elsewhere.execute(() -> end(reason));
            } else {
                end(reason);
            }
        }

        private void end(Reason reason) {
            try {
                host.close();
            } catch (Throwable t) {
                log("the service failed to close", t);
            }
            Address held = address;
            if (held != null) {
                unlock(held);
            }
            Index entry = index;
            if (entry != null) {
                entry.remove();
            }
            leftBecause = reason;
            if (begun) {
                loop.wakeup();
            } else {
                over(reason);
            }
        }

        private void unlock(Address held) {
            try {
                held.unlock();
            } catch (IOException e) {
                context.log().accept("the address lock could not be released: " + PrivateFiles.reason(e));
            }
        }
    }
}
