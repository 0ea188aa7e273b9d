package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.net.SocketWire;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the parts of a server know of it, and of each other. Any thread may use it. */
interface ServerParts {
    /** Serves a connection. */
    boolean serve(SocketChannel channel) throws IOException;

    /** Stops accepting; the process goes on until its connections are over. No effect the second time. */
    void retire(Reason reason);

    /** Retires, and ends each connection when its running calls are over; within a bound, if there is one. */
    void drain(Reason reason);

    /** Keeps the daemon alive until {@link #release()}. */
    void acquire();

    /** Undoes one {@link #acquire()}. */
    void release();

    /** What its hello says, and no other's. */
    String id();

    /** What processes that this daemon's service starts have in their environment; null when it does not mean this server. */
    @Nullable
    String daemonVariable();

    Map<String, @Nullable Object> hello();

    /** Whether new connections are accepted, as far as the system gives any. */
    boolean accepts();

    /** What this daemon knows about itself; nothing changes by asking. */
    Map<String, @Nullable Object> status();

    /** A user has said hello, and who it is. */
    void greeted(long pid);

    Sessions sessions();

    CallMetrics tally();

    ServiceAdapter host();

    DaemonConfig config();

    LaunchContext context();

    /** Nanoseconds a client may take from the first byte of its first message to the last. */
    long firstMessage();

    Loop loop();

    /** A thread for each task, which may take it as long as it likes; throws when none can be made. */
    Executor threads();

    /** A thread for each task as well, or, when none can be made, one of those that there are, sooner or later. */
    Executor elsewhere();

    /** Where futures are cancelled, few at a time. */
    FairScheduler cancellations();

    /** Collects what is sent on the thread that leads. */
    SocketWire.Batch batch();

    FairScheduler turn();

    Lifecycle lifecycle();

    /** Throws nothing, whatever was thrown: whoever reports a failure is to go on. */
    void log(String what, Throwable t);

    /**
     * Whether a daemon with this fingerprint may take its place. Nothing changes by asking.
     *
     * @param done told on what terms, when whoever started this one has been served
     */
    void replaceable(String digest, Consumer<Map<String, @Nullable Object>> done);

    /**
     * Makes room for a successor; one that has to wait until this daemon is gone does not wait for idle connections.
     *
     * @param done told why not, or null, when it is decided
     */
    void replace(String by, String difference, Consumer<@Nullable String> done);
}
