package io.github.autodaemon.internal.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call that came from the peer. It is answered at most once, from any thread. */
public final class Request {
    private static final Long NO_REPLY = -1L;

    private final Session session;
    private final boolean control;
    private final String name;
    private final List<@Nullable Object> args;
    private final @Nullable Object id;
    private final AtomicBoolean answered = new AtomicBoolean();
    private @Nullable Runnable whenAnswered;

    Request(Session session, boolean control, String name, List<@Nullable Object> args, @Nullable Object id) {
        this.session = session;
        this.control = control;
        this.name = name;
        this.args = args;
        this.id = id;
    }

    /** The method. */
    public String name() {
        return name;
    }

    /** The arguments, as plain values. */
    public List<@Nullable Object> args() {
        return args;
    }

    /** Whether the caller wants to know what becomes of it. */
    public boolean isAnswered() {
        return !NO_REPLY.equals(id);
    }

    /** Has {@code action} run, with the monitor held, when the answer is on its way. Set before the call runs. */
    public void whenAnswered(Runnable action) {
        whenAnswered = action;
    }

    /** Sends the result. A result that cannot be carried is answered by an error that says so. */
    public void succeed(@Nullable Object value) {
        List<@Nullable Object> reply = new ArrayList<>(2);
        if (session.errorFirst()) {
            reply.add(null);
        }
        reply.add(value);
        String text;
        try {
            text = Json.text(reply);
        } catch (IllegalArgumentException e) {
            fail(ErrorObjects.of("the result of \"" + name + "\" cannot be carried: " + e.getMessage()));
            return;
        } catch (RuntimeException e) {
            // A list that changes while it is written; whoever waits for a future is told, too.
            fail(e);
            return;
        }
        send(text);
    }

    /** Sends an error; see {@link ErrorObjects}. */
    public void fail(Map<String, ?> error) {
        String text;
        try {
            text = Json.text(List.of(error));
        } catch (IllegalArgumentException e) {
            text = Json.text(List.of(ErrorObjects.of(String.valueOf(error.get("message")))));
        }
        send(text);
    }

    /** Sends what was thrown as an error. */
    public void fail(Throwable thrown) {
        fail(ErrorObjects.of(thrown, session.tellsStacks()));
    }

    private void send(String args) {
        if (answered.compareAndSet(false, true) && isAnswered()) {
            session.answer(control, name, args, Json.text(id), whenAnswered);
        }
    }
}
