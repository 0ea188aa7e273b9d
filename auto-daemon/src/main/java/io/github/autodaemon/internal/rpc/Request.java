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

/** A call from the peer. A call is answered at most once, from any thread. */
public final class Request {
    /** The field that is true in the error of a call that was not done in time. */
    public static final String TIMED_OUT = "overdue";

    /** The session that the answer is sent on. */
    interface Answers {
        /** The id of the daemon whose calls, including this call, run one at a time; null when they do not. */
        @Nullable
        String turn();

        /** True if the peer wants the stacks of thrown exceptions. */
        boolean tellsStacks();

        /** True if the error-first convention holds; see {@link Response}. */
        boolean errorFirst();

        /** Sends the answer {@code given} to the call {@code id}; if that answer cannot be sent, an error. */
        void answer(
                boolean isControl,
                String method,
                StringBuilder given,
                @Nullable Object id,
                List<Runnable> whenAnswered);

        /** The call cannot be answered, so only the end of the connection tells the waiting caller. */
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

    /** Kept for the life of the thread: setting and removing a value for each call takes several times as long. */
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

    /** The request whose method runs on the current thread; null when none does. */
    public static @Nullable Request current() {
        return RUNNING.get().request;
    }

    /** True if the current thread runs a method that all other calls of the daemon with this id wait for. */
    public static boolean holdsTurnOf(@Nullable Object daemon) {
        Request request = current();
        return request != null && daemon != null && daemon.equals(request.session.turn());
    }

    /** The call's id, chosen by the caller. */
    public @Nullable Object id() {
        return id;
    }

    /** The caller's timeout in milliseconds, counted from the arrival of the call; 0 when the call has none. */
    public long timeoutMillis() {
        return timeoutMillis;
    }

    /** The rest of the timeout, in nanoseconds; {@link Long#MAX_VALUE} when the call has none. */
    public long nanosLeft() {
        return timeoutMillis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis) - age();
    }

    /** The time since the call came, in nanoseconds. */
    public long age() {
        return System.nanoTime() - began;
    }

    /** The outcome of a finished call, in a word. */
    public String outcome() {
        return isCancelled() ? "cancelled" : failed ? "failed" : "answered";
    }

    /** The method's name. */
    public String name() {
        return name;
    }

    /** The arguments, as plain values; empty after the method has returned: a future may be pending for long. */
    public List<@Nullable Object> args() {
        return args;
    }

    /** The length of the call's line, in bytes. */
    public int length() {
        return length;
    }

    /** True if the caller waits for an answer. */
    public boolean isAnswered() {
        return !NO_REPLY.equals(id);
    }

    /** True if the call has been answered. */
    public boolean isOver() {
        return answered.get();
    }

    /** Runs {@code action}, with the monitor held, when the answer is on its way. The monitor is held. */
    public void whenAnswered(Runnable action) {
        whenAnswered.add(action);
    }

    /**
     * The call's state in a word: {@code running}, {@code pending} when its future is not complete, or {@code waiting}
     * for its turn.
     */
    public synchronized String state() {
        return running != null ? "running" : onCancel != null ? "pending" : "waiting";
    }

    /** Begins to run the call on the current thread; false when the call was cancelled before. */
    public synchronized boolean begin() {
        if (cancelled != null) {
            return false;
        }
        running = Thread.currentThread();
        RUNNING.get().request = this;
        return true;
    }

    /** The call has ended on the current thread; a cancellation no longer interrupts the thread. */
    public synchronized void end() {
        running = null;
        args = List.of();
        RUNNING.get().request = null;
        // The thread goes on to other work.
        Thread.interrupted();
    }

    /**
     * Runs {@code action} if the call is cancelled while no thread runs it; at once if the call was cancelled. Must not
     * block.
     */
    public synchronized void onCancel(Runnable action) {
        onCancel = action;
        if (cancelled != null) {
            action.run();
        }
    }

    /** The call took longer than the caller waits; see {@link #cancel}. */
    public void expire() {
        Map<String, Object> error = cancellation("it was not done within " + timeoutMillis + " ms");
        error.put(TIMED_OUT, true);
        cancel(error);
    }

    /**
     * The caller no longer wants the answer. A thread that runs the call is interrupted; if no thread has begun the
     * call, none will. In any case the answer is that the call was cancelled.
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

    /** Answers with an error if the call still waits for its turn; the call then does not run. */
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

    /** True if the call was cancelled or refused. */
    public boolean isCancelled() {
        return cancelled != null;
    }

    /** Sends the result. If the result cannot be carried, the answer is an error that says so. */
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
            // A list that changes while it is written, or an accessor that fails; the caller that waits for a future
            // gets the error, too.
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

    /** The call cannot be answered; only the end of the connection tells the waiting caller. */
    private void lose(Throwable why) {
        if (answered.compareAndSet(false, true) && isAnswered()) {
            session.unanswered(name, why);
        }
    }

    /** Sends a thrown exception as an error. */
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

    /** The text of an error answer without the id. */
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
