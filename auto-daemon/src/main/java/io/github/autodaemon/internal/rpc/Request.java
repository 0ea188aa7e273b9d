package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.json.Thrown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call that came from the peer. It is answered at most once, from any thread. */
public final class Request {
    /** True in the error of a call that was not done in time. */
    public static final String TIMED_OUT = "overdue";

    /** Where its answer goes. */
    interface Answers {
        /** The daemon whose calls run one at a time, this one among them; null when they do not. */
        @Nullable
        String turn();

        /** Whether the peer wants the stacks of what is thrown. */
        boolean tellsStacks();

        /** Which convention holds; see {@link Response}. */
        boolean errorFirst();

        /** Sends the answer {@code given} to the call {@code id}; for one that cannot be sent, an error. */
        void answer(
                boolean isControl,
                String method,
                StringBuilder given,
                @Nullable Object id,
                List<Runnable> whenAnswered);

        /** There is no answer to a call, so that nothing but the end of the connection tells whoever waits for it. */
        void unanswered(String method, Throwable thrown);
    }

    private static final Long NO_REPLY = -1L;

    private static final int SHORT = 64;

    private final Answers session;
    private final boolean control;
    private final String name;
    private List<@Nullable Object> args;
    private final @Nullable Object id;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final long timeoutMillis;
    private final long began;
    private final int length;
    private volatile boolean failed;

    /** Guarded by the session's monitor. */
    private final List<Runnable> whenAnswered = new ArrayList<>(2);

    /** Changes with this locked. */
    private volatile @Nullable Map<String, Object> cancelled;

    // Guarded by this.
    private @Nullable Thread running;
    private @Nullable Runnable onCancel;

    /** The request whose method a thread runs. */
    private static final class Running {
        @Nullable
        Request request;
    }

    /** Kept for as long as the thread is: to set and to remove a value for each call takes several times as long. */
    private static final ThreadLocal<Running> RUNNING = new ThreadLocal<>() {
        @Override
        protected Running initialValue() {
            return new Running();
        }
    };

    Request(
            Answers session,
            boolean control,
            String name,
            List<@Nullable Object> args,
            @Nullable Object id,
            long timeoutMillis,
            int length) {
        this.session = session;
        this.control = control;
        this.name = name;
        this.args = args;
        this.id = id;
        this.timeoutMillis = timeoutMillis;
        this.began = System.nanoTime();
        this.length = length;
    }

    /** The request whose method runs on this thread; null when none does. */
    public static @Nullable Request current() {
        return RUNNING.get().request;
    }

    /** Whether a method runs on this thread that all other calls of the daemon with this id wait for. */
    public static boolean holdsTurnOf(@Nullable Object daemon) {
        Request request = current();
        return request != null && daemon != null && daemon.equals(request.session.turn());
    }

    /** What the caller knows it by. */
    public @Nullable Object id() {
        return id;
    }

    /** How long the caller waits, counted from when it came; 0 when it did not say. */
    public long timeoutMillis() {
        return timeoutMillis;
    }

    /** How much of that is left, in nanoseconds; {@link Long#MAX_VALUE} when it did not say. */
    public long nanosLeft() {
        return timeoutMillis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis) - age();
    }

    /** How long ago it came, in nanoseconds. */
    public long age() {
        return System.nanoTime() - began;
    }

    /** What became of it, in a word, when it is over. */
    public String outcome() {
        return isCancelled() ? "cancelled" : failed ? "failed" : "answered";
    }

    /** The method. */
    public String name() {
        return name;
    }

    /** The arguments, as plain values; none when it has run on a thread: a future may be pending for long. */
    public List<@Nullable Object> args() {
        return args;
    }

    /** How long its line was, in bytes. */
    public int length() {
        return length;
    }

    /** Whether the caller wants to know what becomes of it. */
    public boolean isAnswered() {
        return !NO_REPLY.equals(id);
    }

    /** Whether it has been answered. */
    public boolean isOver() {
        return answered.get();
    }

    /** Has {@code action} run, with the monitor held, when the answer is on its way. The monitor is held. */
    public void whenAnswered(Runnable action) {
        whenAnswered.add(action);
    }

    /** In a word: {@code running}, {@code pending} when its future is not complete, or {@code waiting} for its turn. */
    public synchronized String state() {
        return running != null ? "running" : onCancel != null ? "pending" : "waiting";
    }

    /** Begins to run it on this thread; false when it was cancelled before. */
    public synchronized boolean begin() {
        if (cancelled != null) {
            return false;
        }
        running = Thread.currentThread();
        RUNNING.get().request = this;
        return true;
    }

    /** It does not run on this thread any more, and a cancellation does not interrupt the thread any more. */
    public synchronized void end() {
        running = null;
        args = List.of();
        RUNNING.get().request = null;
        // The thread goes on to other work.
        Thread.interrupted();
    }

    /** Has {@code action} run if it is cancelled while it is not on a thread; at once if it was. Must not block. */
    public synchronized void onCancel(Runnable action) {
        onCancel = action;
        if (cancelled != null) {
            action.run();
        }
    }

    /** It took longer than the caller waits; see {@link #cancel}. */
    public void expire() {
        Map<String, Object> error = cancellation("it was not done within " + timeoutMillis + " ms");
        error.put(TIMED_OUT, true);
        cancel(error);
    }

    /**
     * Nobody wants the answer any more. A thread that runs it is interrupted; if none has begun, none will. Whatever becomes
     * of it, the answer is that it was cancelled.
     */
    public void cancel(String reason) {
        cancel(cancellation(reason));
    }

    private Map<String, Object> cancellation(String reason) {
        Map<String, Object> error = ErrorObjects.of("the call of \"" + name + "\" was cancelled: " + reason);
        error.put("type", CancellationException.class.getName());
        return error;
    }

    private void cancel(Map<String, Object> error) {
        synchronized (this) {
            if (cancelled != null || answered.get()) {
                return;
            }
            cancelled = error;
            if (onCancel != null) {
                onCancel.run();
                return;
            }
            if (running != null) {
                running.interrupt();
                return;
            }
        }
        fail(error);
    }

    /** Answers it by an error if it still waits for its turn, which then does not come. */
    public void refuse(Throwable why) {
        Map<String, Object> error = new LinkedHashMap<>(ErrorObjects.of(why, session.tellsStacks()));
        synchronized (this) {
            if (cancelled != null || answered.get() || running != null || onCancel != null) {
                return;
            }
            cancelled = error;
        }
        fail(error);
    }

    /** Whether nobody wants the answer any more. */
    public boolean isCancelled() {
        return cancelled != null;
    }

    /** Sends the result. A result that cannot be carried is answered by an error that says so. */
    public void succeed(@Nullable Object value) {
        StringBuilder text;
        try {
            text = new StringBuilder(SHORT).append(session.errorFirst() ? "[[null," : "[[");
            Json.append(text, value);
            text.append(']');
        } catch (IllegalArgumentException e) {
            fail(ErrorObjects.of("the result of \"" + name + "\" cannot be carried: " + Thrown.message(e)));
            return;
        } catch (Throwable t) {
            // A list that changes while it is written, an accessor that fails; whoever waits for a future is told, too.
            fail(t);
            return;
        }
        send(text, false);
    }

    /** Sends an error; see {@link ErrorObjects}. */
    public void fail(Map<String, ?> error) {
        StringBuilder text;
        try {
            text = begin(error);
        } catch (IllegalArgumentException e) {
            text = begin(ErrorObjects.of(String.valueOf(error.get("message"))));
        } catch (RuntimeException | Error e) {
            lose(e);
            return;
        }
        send(text, true);
    }

    /** There is no answer; nothing but the end of the connection tells whoever waits. */
    private void lose(Throwable why) {
        if (answered.compareAndSet(false, true) && isAnswered()) {
            session.unanswered(name, why);
        }
    }

    /** Sends what was thrown as an error. */
    public void fail(Throwable thrown) {
        Map<String, @Nullable Object> error;
        try {
            error = ErrorObjects.of(thrown, session.tellsStacks());
        } catch (RuntimeException | Error e) {
            lose(e);
            return;
        }
        fail(error);
    }

    /** An answer that is an error, but for the id. */
    private static StringBuilder begin(Map<String, ?> error) {
        StringBuilder text = new StringBuilder(SHORT).append("[[");
        Json.append(text, error);
        return text.append(']');
    }

    private void send(StringBuilder begun, boolean isError) {
        if (answered.compareAndSet(false, true)) {
            failed = isError;
            if (isAnswered()) {
                try {
                    Map<String, Object> instead = cancelled;
                    session.answer(control, name, instead == null ? begun : begin(instead), id, whenAnswered);
                } catch (RuntimeException | Error e) {
                    session.unanswered(name, e);
                }
            }
        }
    }
}
