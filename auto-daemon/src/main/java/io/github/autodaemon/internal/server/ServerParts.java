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

/** The server, as its parts see it and each other. Any thread may use this object. */
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

    /** The unique id of this daemon, as its hello says. */
    String id();

    /**
     * The value that processes of this daemon's service have in their environment; null when it does not mean this
     * server.
     */
    @Nullable
    String daemonVariable();

    Map<String, @Nullable Object> hello();

    /** True unless accepting connections fails for now, as without descriptors. */
    boolean accepts();

    /** This daemon's status; a query changes nothing. */
    Map<String, @Nullable Object> status();

    /** True if all clients are this process, which hands their connections over. */
    boolean isEmbedded();

    /** A user with this process id has said hello. */
    void greeted(long pid);

    Sessions sessions();

    CallMetrics tally();

    ServiceAdapter host();

    DaemonConfig config();

    LaunchContext context();

    /** Nanoseconds that a client may take from the first byte of its first message to the last. */
    long firstMessage();

    Loop loop();

    /** Runs each task on the thread that reads, as a call; on another one while that thread is busy. Throws nothing. */
    Executor scheduler();

    /** Runs each task on a thread of its own, for as long as the task takes; throws when no thread can be made. */
    Executor threads();

    /** Runs each task on a thread of its own, or, when none can be made, on an existing thread sooner or later. */
    Executor elsewhere();

    /** Runs the cancellations of futures, few at a time. */
    FairScheduler cancellations();

    /** Collects the bytes that the leader sends. */
    SocketWire.Batch batch();

    FairScheduler turn();

    Lifecycle lifecycle();

    /** Logs a failure. Throws no exception: the reporting thread must go on. */
    void log(String what, Throwable t);

    /**
     * Tells whether a daemon with this fingerprint may take this daemon's place. The query changes nothing.
     *
     * @param done gets the terms, when the starter of this daemon has been served
     */
    void replaceable(String digest, Consumer<Map<String, @Nullable Object>> done);

    /**
     * Makes room for a successor; a successor that has to wait until this daemon is gone does not wait for idle
     * connections.
     *
     * @param done gets the reason for a refusal, or null, when the decision is made
     */
    void replace(String by, String difference, Consumer<@Nullable String> done);
}
