package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.flight.CallEvent;
import io.github.autodaemon.internal.flight.Flight;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Loop;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The work of the service for one client: calls, one after the other in the service's turn, and streams, on threads of
 * their own.
 *
 * <pre>
 *   call:  waiting --its turn--> running --returned--> answered
 *                                        --a future--> pending --completed--> answered
 *          cancelled, overdue or the client is gone: waiting is dropped, running is interrupted, pending is cancelled
 * </pre>
 */
final class ClientQueue {
    private static final String GONE = "the client is gone";

    /**
     * Calls with pending futures delay no other call, so they cause no back-pressure; past this number, further calls
     * are refused.
     */
    private static final int MAX_OUTSTANDING = 100_000;

    private static final int MAX_SHOWN = 20;

    /**
     * How long a call from a process that this daemon's service has started may wait: the method that has the turn may
     * wait for that process.
     */
    private static final long NESTED_PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final ServerParts server;
    private final ServedClient owner;
    private final Session session;
    private final FairScheduler.Queue queue;

    // Read by any thread; written with the session's monitor held.
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    private final AtomicInteger streams = new AtomicInteger();

    /** Streams and one-way calls that have begun. */
    private final Map<Object, Activity> open = new ConcurrentHashMap<>();

    // Guarded by the session's monitor.
    private final Map<Object, Request> outstanding = new HashMap<>();
    private Loop.@Nullable Timer timer;
    private long expiry;
    private boolean used;
    private boolean held;
    private long waitingBytes;
    private int executing;
    private boolean closing;

    /** The id of the last call that has begun; calls begin in the order in which they came. */
    private long lastBegun;

    private boolean draining;
    private boolean hasLeft;

    /** True when the waiting tasks will not run. */
    private volatile boolean dropped;

    // Touched in the turn only.
    private @Nullable ClientCalls guest;
    private @Nullable Throwable refused;

    /** A task of this client; no lambda, as in all code before a daemon's first answer. */
    private abstract class Task implements Runnable {
        final @Nullable Request call;

        /** False for the connect task: it also waits for its turn, but the client has requested nothing yet. */
        final boolean counts;

        /** The bytes that the task keeps in memory until its turn comes. */
        final int length;

        Task(@Nullable Request call, boolean counts, int length) {
            this.call = call;
            this.counts = counts;
            this.length = length;
        }

        abstract void perform();

        @Override
        public void run() {
            ClientQueue.this.run(this);
        }
    }

    ClientQueue(ServerParts server, ServedClient owner, Session session) {
        this.server = server;
        this.owner = owner;
        this.session = session;
        this.queue = server.turn().queue();
    }

    /** Runs tasks in the service's turn, in this client's place of the queue. */
    FairScheduler.Queue queue() {
        return queue;
    }

    /** Calls and streams that have come and do not run yet, and one-way calls. */
    int waiting() {
        return dropped ? 0 : waiting.get();
    }

    /** Calls that run, or whose future is pending. */
    int calls() {
        return running.get();
    }

    /** Streams the service is busy with. */
    int streams() {
        return streams.get();
    }

    /** The calls and streams of the client, at most {@code MAX_SHOWN}. */
    List<Activity> activities() {
        List<Activity> activities = new ArrayList<>();
        session.monitor().lock();
        try {
            for (Request request : outstanding.values()) {
                if (activities.size() == MAX_SHOWN) {
                    break;
                }
                activities.add(new Activity(request.name(), request.state(), request.age()));
            }
        } finally {
            session.monitor().unlock();
        }
        for (Activity begun : open.values()) {
            if (activities.size() == MAX_SHOWN) {
                break;
            }
            activities.add(new Activity(begun.method(), begun.state(), System.nanoTime() - begun.nanos()));
        }
        return activities;
    }

    /** Drops waiting tasks, and ends the connection after the answers of running calls. */
    void close(boolean waitsForFutures) {
        queue.close();
        session.monitor().lock();
        try {
            draining = waitsForFutures && (draining || !closing);
            if (waitsForFutures && !closing) {
                session.beginsNoMore(lastBegun);
            }
            closing = true;
            drop();
            closeIfDone();
        } finally {
            session.monitor().unlock();
        }
    }

    /** True when the connection ends as soon as its answers are sent. The monitor is held. */
    boolean isClosing() {
        return closing;
    }

    private void drop() {
        dropped = true;
        keep(-waitingBytes);
    }

    private void closeIfDone() {
        if (closing && executing == 0 && (running.get() == 0 || !draining)) {
            session.closeWhenSent();
        }
    }

    // From the connection, with the monitor held.

    void connect() {
        used = true;
        submit(new Task(null, false, 0) {
            @Override
            void perform() {
                connected();
            }
        });
    }

    void call(Request request) {
        if (request.isAnswered()) {
            if (outstanding.size() >= MAX_OUTSTANDING) {
                request.fail(new RejectedExecutionException(
                        "too many calls of this client are not answered yet; the limit is " + MAX_OUTSTANDING));
                return;
            }
            if (!server.loop().holdings().admits(request.length())) {
                request.fail(new RejectedExecutionException(crowded(request.length())));
                return;
            }
            // Ids of other types may be made to collide by the peer.
            Object key = request.id() instanceof Long id ? id : request;
            outstanding.put(key, request);
            request.whenAnswered(new Runnable() {
                @Override
                public void run() {
                    outstanding.remove(key, request);
                }
            });
            expireIn(request.nanosLeft());
            if (owner.isWithin()) {
                server.loop().after(NESTED_PATIENCE, () -> refuseNested(request));
            }
        }
        submit(new Task(request, true, request.length()) {
            @Override
            void perform() {
                runCall(request);
            }
        });
    }

    private static String crowded(int bytes) {
        return "it was not done: it has " + bytes
                + " bytes, and what waits for its turn in this daemon leaves no room for so" + " many";
    }

    private void refuseNested(Request request) {
        session.monitor().lock();
        try {
            request.refuse(new IllegalStateException("a process that this daemon (pid "
                    + ProcessHandle.current().pid() + ") has started calls \"" + request.name()
                    + "\", which has waited "
                    + TimeUnit.NANOSECONDS.toSeconds(NESTED_PATIENCE)
                    + " s for its turn: where the method that runs now waits"
                    + " for that process, neither would end. Do not wait for it there (CompletableFuture), or let the"
                    + " service be concurrent"));
        } finally {
            session.monitor().unlock();
        }
    }

    /** One timer, for the call that is overdue first. */
    private void expireIn(long nanos) {
        long at = System.nanoTime() + nanos;
        if (nanos != Long.MAX_VALUE && (timer == null || at - expiry < 0)) {
            stopTimer();
            expiry = at;
            timer = server.loop().after(nanos, this::expire);
        }
    }

    private void stopTimer() {
        Loop.Timer last = timer;
        timer = null;
        if (last != null) {
            last.cancel();
        }
    }

    private void expire() {
        long next = Long.MAX_VALUE;
        session.monitor().lock();
        try {
            timer = null;
            for (Request request : new ArrayList<>(outstanding.values())) {
                long left = request.nanosLeft();
                if (left <= 0) {
                    request.expire();
                } else {
                    next = Math.min(next, left);
                }
            }
        } finally {
            expireIn(next);
            session.monitor().unlock();
        }
    }

    void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {
        if (!server.loop().holdings().admits(length)) {
            stream.cancel(crowded(length));
            return;
        }
        long came = System.nanoTime();
        submit(new Task(null, true, length) {
            @Override
            void perform() {
                runStream(method, args, stream, came);
            }
        });
    }

    /** The caller cancels a call. */
    void cancel(@Nullable Object id, String reason) {
        Request request = outstanding.get(id);
        if (request != null) {
            request.cancel(reason);
        }
    }

    /** The client is gone. {@code last} runs in the turn, after the task that runs now. */
    void closed(Runnable last) {
        if (!used) {
            // A probe: the service does not know the client, and its turn may not come for as long as a call runs.
            server.sessions().remove(owner);
            last.run();
            return;
        }
        drop();
        queue.closeWith(() -> leave(last));
        // A deadline may be years away, and would keep this client's objects until then.
        stopTimer();
        for (Request request : new ArrayList<>(outstanding.values())) {
            request.cancel(GONE);
        }
    }

    private void submit(Task task) {
        if (task.counts) {
            add(waiting, 1);
        }
        keep(task.length);
        int size = queue.put(task);
        Limits limits = server.config().limits();
        if (!held && (size >= limits.queuedCalls() || waitingBytes >= limits.line())) {
            held = true;
            session.hold();
        }
    }

    private void keep(long bytes) {
        waitingBytes += bytes;
        server.loop().holdings().keep(bytes);
    }

    private static void add(AtomicInteger counter, int number) {
        counter.setRelease(counter.getPlain() + number);
    }

    // In the turn.

    private void run(Task task) {
        Request request = task.call;
        boolean counted = false;
        CallEvent event =
                request != null && Flight.isOn() ? new CallEvent(request.name(), owner.pid(), request.age()) : null;
        session.monitor().lock();
        try {
            if (closing || session.closedBecause() != null) {
                return;
            }
            keep(-task.length);
            // Before the task runs, and not after: the next message may be its cancellation.
            Limits limits = server.config().limits();
            if (held && queue.size() <= limits.queuedCalls() / 2 && waitingBytes <= limits.line() / 2) {
                held = false;
                session.resume();
            }
            if (request != null && request.id() instanceof Long id) {
                lastBegun = Math.max(lastBegun, id);
            }
            if (request != null && request.isAnswered() && !request.isOver()) {
                countUntilAnswered(request);
                counted = true;
                if (event != null) {
                    request.whenAnswered(() -> event.ended(request.outcome()));
                }
            }
            executing++;
        } finally {
            session.monitor().unlock();
        }
        server.lifecycle().workStarted();
        try {
            if (request != null && !request.isAnswered()) {
                open.put(request, new Activity(request.name(), "running", System.nanoTime()));
            }
            task.perform();
        } finally {
            if (!counted && request != null) {
                open.remove(request);
                if (event != null) {
                    event.ended(request.outcome());
                }
            }
            session.monitor().lock();
            try {
                executing--;
                if (task.counts && !counted) {
                    add(waiting, -1);
                }
                closeIfDone();
                forgetIfDone();
            } finally {
                session.monitor().unlock();
                server.lifecycle().workEnded();
            }
        }
    }

    /** A client that has gone is listed for as long as a thread runs its call or stream. */
    private void forgetIfDone() {
        if (hasLeft && executing == 0 && streams.get() == 0) {
            server.sessions().remove(owner);
        }
    }

    private void countUntilAnswered(Request request) {
        request.whenAnswered(new Runnable() {
            @Override
            public void run() {
                server.tally().answered(request.age());
                add(running, -1);
                closeIfDone();
            }
        });
        add(running, 1);
        add(waiting, -1);
    }

    private void leave(Runnable last) {
        try {
            ClientCalls left = guest;
            if (left != null) {
                left.closed();
            }
        } finally {
            session.monitor().lock();
            try {
                hasLeft = true;
                forgetIfDone();
            } finally {
                session.monitor().unlock();
                last.run();
            }
        }
    }

    private void connected() {
        try {
            guest = server.host().connected(owner);
        } catch (Throwable t) {
            refused = t;
            server.log("the service failed when a client connected", t);
        }
    }

    private void runCall(Request request) {
        ClientCalls present = guest;
        if (!request.begin()) {
            return;
        }
        try {
            if (present == null) {
                throw refusal();
            }
            present.call(request);
        } catch (Throwable t) {
            request.fail(t);
            if (t instanceof VirtualMachineError || !request.isAnswered()) {
                server.log("a call of \"" + request.name() + "\" failed", t);
            }
        } finally {
            request.end();
        }
    }

    private IllegalStateException refusal() {
        return new IllegalStateException(
                "the service failed when this client connected: " + (refused == null ? "" : Thrown.text(refused)));
    }

    private void runStream(String method, List<@Nullable Object> args, ByteStream stream, long came) {
        ClientCalls present = guest;
        RecordedStream recorded = Flight.isOn() ? new RecordedStream(stream, method, owner.pid()) : null;
        StreamWork work = new StreamWork(session, recorded == null ? stream : recorded, recorded);
        if (present == null) {
            work.fail(refusal());
            return;
        }
        int most = server.config().limits().streams();
        if (!server.sessions().admitsStream(streams.get(), most)) {
            stream.cancel("too many streams of all clients of this daemon, the limit is " + 2L * most
                    + ", of which each may have half of what the others leave");
            return;
        }
        boolean call = present.isCall(method);
        CallEvent event = call && Flight.isOn() ? new CallEvent(method, owner.pid(), System.nanoTime() - came) : null;
        ClientCalls.StreamTask task = work.begin(present, method, args);
        if (call && work.hasBegun()) {
            server.tally().answered(System.nanoTime() - came);
            if (event != null) {
                event.ended(work.outcome());
            }
        }
        if (task != null) {
            open.put(work, new Activity(method, "stream", System.nanoTime()));
            streams.incrementAndGet();
            Runnable serving = () -> serve(work, task);
            try {
                server.threads().execute(serving);
            } catch (Throwable t) {
                work.fail(new IllegalStateException(
                        "no thread could be made for the stream of \"" + method + "\": " + t.getMessage(), t));
                // The task finds the stream cancelled, and releases its resources.
                serving.run();
            }
        }
    }

    private void serve(StreamWork work, ClientCalls.StreamTask task) {
        try {
            work.run(task);
        } finally {
            open.remove(work);
            streams.decrementAndGet();
            session.monitor().lock();
            try {
                forgetIfDone();
            } finally {
                session.monitor().unlock();
            }
        }
    }
}
