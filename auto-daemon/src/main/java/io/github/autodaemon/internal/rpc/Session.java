package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.mux.Mux;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.SeparateStream;
import io.github.autodaemon.internal.net.Wire;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection at the level of calls; the two ends are alike. Calls and their answers travel on the shared stream
 * "1"; the library's own messages (opening a stream, the hello) on "0".
 */
public final class Session implements Wire.Receiver, RpcChannel.Owner, Request.Answers {
    /** Handles the peer's requests on this end. Called with the monitor held; must not block. */
    public interface Handler {
        /** A call of a method. */
        void call(Request request);

        /**
         * A request for a stream; {@code length} is the request's length in bytes. The stream exists;
         * {@link ByteStream#cancel} refuses it.
         */
        void stream(String method, List<@Nullable Object> args, ByteStream stream, int length);

        /**
         * The stream of this name, for which the peer has made a connection of its own.
         *
         * @return null when there is no such connection
         */
        default @Nullable SeparateStream separate(String name) {
            return null;
        }

        /** The peer does not read its answers ({@code full}), or has read all of them. */
        default void outputFull(boolean full) {}

        /** A request of the library itself, such as {@code hello}. */
        void control(Request request);

        /** The connection is over, {@code reason} in words. Called once, after all outstanding calls were told. */
        void closed(String reason);
    }

    /** Unsent bytes past which this side makes no more calls, and reads no more that would need an answer. */
    private static final int OUTPUT_LIMIT = 1 << 20;

    /** Unread bytes of answers past which further answers to the peer are short errors. */
    private static final long UNREAD_LIMIT =
            Math.max(4L * OUTPUT_LIMIT, Runtime.getRuntime().maxMemory() / 8);

    private static final int SHORT = 512;

    /** The message that one end begins no more calls; its argument is the last call that has begun. */
    public static final String LEAVING = "leaving";

    /**
     * A Node peer decodes the bytes of each read, at most 64 KiB, separately, and damages a character that lies across
     * the end of a read. However short its line, any character may lie there once more bytes have been sent than surely
     * fit one read; the kernel also cuts pieces of 32 KiB.
     */
    private static final int NODE_SAFE = 24 * 1024;

    private static final int MAX_CHARACTER = 3;

    private final Mux mux;
    private final Wire wire;
    private final Monitor monitor;
    private final Limits limits;

    /** The limits of messages to the peer, and of messages from a peer that has named its own limits. */
    private volatile Limits agreed;

    private final Handler handler;
    private final RpcChannel control;
    private final RpcChannel calls;
    private final Streams streams;
    private boolean javaPeer;
    private boolean errorFirst;
    private boolean stacks;
    private boolean heldForOutput;
    private @Nullable String turn;
    private @Nullable String closedBecause;

    /** Why the peer begins no more calls; null while it does. */
    private @Nullable String leaving;

    private final BooleanSupplier writable = new BooleanSupplier() {
        @Override
        public boolean getAsBoolean() {
            return closedBecause != null || wire.queued() < OUTPUT_LIMIT;
        }
    };

    /**
     * A session over {@code wire}.
     *
     * @param parser parses long lines, so that one peer's large message causes no head-of-line blocking in the thread
     *     that reads for all; null when that thread reads no other peer's messages
     */
    public Session(Wire wire, Monitor monitor, Limits limits, Handler handler, @Nullable Executor parser) {
        this.wire = wire;
        this.mux = new Mux(wire);
        this.monitor = monitor;
        this.limits = limits;
        this.agreed = limits;
        this.handler = handler;
        this.control = new RpcChannel(this, mux, monitor, "0", Math.max(limits.line(), Limits.CONTROL_LINE), parser);
        this.calls = new RpcChannel(this, mux, monitor, "1", limits.line(), parser);
        this.streams = new Streams(
                monitor,
                mux,
                limits,
                new Streams.Owner() {
                    @Override
                    public @Nullable SeparateStream separate(String name) {
                        return handler.separate(name);
                    }

                    @Override
                    public SeparateStream.Link link(String name) {
                        return Session.this.link(name);
                    }

                    @Override
                    public void stream(String method, List<@Nullable Object> args, ByteStream stream, int length) {
                        handler.stream(method, args, stream, length);
                    }
                },
                control);
    }

    @Override
    public int depth() {
        return limits.depth();
    }

    /** Notes that the peer has said hello, so the peer uses this library and not npm's. The monitor is held. */
    public void peerIsJava(Hello hello) {
        javaPeer = true;
        mux.peerIsJava();
        errorFirst = true;
        agreed = hello.within(limits);
    }

    /** The limits of what the two sides may make each other hold. */
    public Limits limits() {
        return agreed;
    }

    /** Notes that the peer is npm's daemon. The monitor is held. */
    public void peerIsNpmDaemon() {
        mux.peerIsFragile();
    }

    /** Received calls run one at a time, together with all other calls of the daemon with this id. */
    public void servesInTurnOf(String daemon) {
        turn = daemon;
    }

    @Override
    public @Nullable String turn() {
        return turn;
    }

    /** Chooses the convention of answers; see {@link Response}. */
    public void errorFirst(boolean on) {
        errorFirst = on;
    }

    /** True if the error-first convention holds. */
    @Override
    public boolean errorFirst() {
        return errorFirst;
    }

    /** Notes that the peer wants the stacks of thrown exceptions. The monitor is held. */
    public void tellStacks() {
        stacks = true;
    }

    @Override
    public boolean tellsStacks() {
        return stacks;
    }

    /** The error object that the peer gets for an exception. */
    public Map<String, @Nullable Object> errorObject(Throwable thrown) {
        return ErrorObjects.of(thrown, stacks);
    }

    /** Why the connection is over; null while it is not. The monitor is held. */
    @Override
    public @Nullable String closedBecause() {
        return closedBecause;
    }

    /** Why no call begins any more; null while calls do. The monitor is held. */
    public @Nullable String over() {
        return closedBecause == null ? leaving : closedBecause;
    }

    /** True if the peer has said that it begins no more calls. The monitor is held. */
    public boolean isLeft() {
        return leaving != null;
    }

    /** Tells a Java peer that none of its calls after {@code last} begins. The monitor is held. */
    public void beginsNoMore(long last) {
        if (javaPeer && closedBecause == null) {
            control.send(LEAVING, RpcChannel.request(LEAVING, List.of(last), 0), null);
            wire.flush();
        }
    }

    /** The peer has said that it begins none of the calls after {@code last}. The monitor is held. */
    public void peerBeginsNoMore(long last) {
        leaving = "the daemon leaves, and had not begun it";
        calls.notBegun(last, leaving);
    }

    /** The wire below, for bytes that are no frames. */
    public Wire wire() {
        return wire;
    }

    /** The lock of this connection. */
    public Monitor monitor() {
        return monitor;
    }

    /** Streams that are open now. The monitor is held. */
    public int streams() {
        return streams.count();
    }

    // Requests of this end.

    /**
     * Calls a method of the peer. Blocks only while too many bytes are unsent. The call leaves with the next flush, at
     * the latest before this thread waits.
     *
     * @param reply told the outcome of the call; null when no answer is wanted
     * @param timeoutMillis how long an answer is of any use; 0 for no limit. A Java peer is told
     * @param deadline when to stop waiting for unsent bytes; the reply is not called then
     * @return the call's id for {@link #cancel}; less than 0 when there is nothing to cancel
     * @throws IllegalArgumentException when the arguments cannot be carried; nothing was sent
     * @throws InterruptedException when interrupted before anything was sent
     */
    public long call(String method, Object args, @Nullable ReplyHandler reply, long timeoutMillis, long deadline)
            throws InterruptedException {
        StringBuilder request = checked(method, RpcChannel.request(method, args, javaPeer ? timeoutMillis : 0));
        monitor.lock();
        try {
            boolean inTime = monitor.await(writable, deadline);
            if (!inTime) {
                return RpcChannel.NO_REPLY;
            }
            String over = over();
            if (over != null) {
                if (reply != null) {
                    reply.lost(false, over);
                }
                return RpcChannel.NO_REPLY;
            }
            return calls.send(method, request, reply);
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Checks the nesting depth of a request, which takes its time without the lock. The length is checked when the
     * request is encoded.
     */
    private StringBuilder checked(String method, StringBuilder request) {
        String excess = agreed.excess(request, 0);
        if (excess != null) {
            throw new IllegalArgumentException("the call of \"" + method + "\" " + excess);
        }
        return request;
    }

    /**
     * Forgets a call, whose reply is not called any more, and tells a Java peer.
     *
     * @return whether the call's answer was awaited
     */
    public boolean cancel(long call, String reason) {
        monitor.lock();
        try {
            boolean awaited = calls.forget(call);
            if (awaited && javaPeer && closedBecause == null) {
                control.send("cancel", RpcChannel.request("cancel", List.of(call, reason), 0), null);
                wire.flush();
            }
            return awaited;
        } finally {
            monitor.unlock();
        }
    }

    /** Sends a message of the library itself to the peer. */
    public void control(String method, Object args, @Nullable ReplyHandler reply) {
        StringBuilder request = checked(method, RpcChannel.request(method, args, 0));
        monitor.lock();
        try {
            if (closedBecause == null) {
                control.send(method, request, reply);
                wire.flush();
            } else if (reply != null) {
                reply.lost(false, closedBecause);
            }
        } finally {
            monitor.unlock();
        }
    }

    /** A name for a stream that this side will open. */
    public String nextStream() {
        monitor.lock();
        try {
            return streams.nextName();
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Opens a stream to a method of the peer.
     *
     * @param name from {@link #nextStream()}
     * @param own the stream, when it has a connection of its own that the peer has agreed to; else null
     * @throws IOException when the connection is over
     */
    public ByteStream open(String name, String method, Object args, @Nullable SeparateStream own) throws IOException {
        StringBuilder request = checked(method, Streams.request(name, method, args, own != null));
        monitor.lock();
        try {
            if (closedBecause != null) {
                throw new IOException(closedBecause);
            }
            ByteStream opened = streams.open(name, request, own);
            wire.flush();
            return opened;
        } finally {
            monitor.unlock();
        }
    }

    /** The link of a stream of this name, on a connection of its own, to this session. */
    public SeparateStream.Link link(String name) {
        return new StreamLink(monitor, (method, args) -> control(method, args, null), streams, name);
    }

    /** Reads no more requests until {@link #resume()}. The monitor is held. */
    public void hold() {
        mux.hold();
    }

    /** Undoes one {@link #hold()}. */
    public void resume() {
        mux.release();
    }

    /**
     * From now on the bytes behind the current frame are no frames; {@link #behind()} has those that have come. The
     * monitor is held.
     */
    public void leaveFrames() {
        mux.leaveFrames();
    }

    /** The bytes that have come behind the last frame. The monitor is held. */
    public ByteBuffer behind() {
        return mux.behind();
    }

    /** Ends the connection when all written bytes are sent. */
    public void closeWhenSent() {
        monitor.lock();
        try {
            wire.closeWhenSent();
        } finally {
            monitor.unlock();
        }
    }

    /** Ends the connection at once. */
    public void close() {
        monitor.lock();
        try {
            // The streams' sockets end too, though the peer's half may go on.
            streams.closed("this side closed the connection");
            wire.close();
        } finally {
            monitor.unlock();
        }
    }

    // Requests of the peer.

    /** Sends the answer {@code given} to the call {@code id}; if that answer cannot be sent, an error. */
    @Override
    public void answer(
            boolean isControl, String method, StringBuilder given, @Nullable Object id, List<Runnable> whenAnswered) {
        String text;
        // A long answer is encoded without the lock, which the thread that reads for all connections may need.
        byte @Nullable [] encoded;
        try {
            Json.append(given.append(','), id);
            text = given.append(']').toString();
            encoded = text.length() > NODE_SAFE ? encode(text) : null;
            String excess = encoded == null ? null : excess(isControl, text, encoded.length);
            if (excess != null) {
                text = error("the result of \"" + method + "\" " + excess, id);
                encoded = null;
            }
        } catch (OutOfMemoryError e) {
            text = error("there was not enough memory for the result of \"" + method + "\"", id);
            encoded = null;
        }
        monitor.lock();
        try {
            byte[] line = encoded == null ? encode(text) : encoded;
            String excess = encoded == null ? excess(isControl, text, line.length) : null;
            if (excess != null) {
                line = encode(error("the result of \"" + method + "\" " + excess, id));
            } else if (wire.queued() > UNREAD_LIMIT && line.length > SHORT) {
                String message = "the result of \"" + method + "\" was dropped: " + wire.queued()
                        + " bytes of answers wait for the client to read them, the limit is " + UNREAD_LIMIT;
                line = encode(error(message, id));
            } else if (wire.queued() > SHORT && line.length > SHORT && wire.isFull()) {
                String message =
                        "the result of \"" + method + "\" was dropped: this client has not read all answers before"
                                + " it, and too many bytes of answers wait for all clients to read them";
                line = encode(error(message, id));
            }
            (isControl ? control : calls).send(line);
            holdForOutput();
            for (Runnable action : whenAnswered) {
                action.run();
            }
            wire.flush();
        } finally {
            monitor.unlock();
        }
    }

    private static String error(String message, @Nullable Object id) {
        return "[" + Json.text(List.of(ErrorObjects.of(message))) + "," + Json.text(id) + "]";
    }

    private void holdForOutput() {
        if (wire.queued() > OUTPUT_LIMIT && !heldForOutput) {
            heldForOutput = true;
            mux.hold();
            handler.outputFull(true);
        }
    }

    /** The bytes of a line that is sent after all earlier lines. */
    @Override
    public byte[] encode(String text) {
        boolean cut = text.length() > NODE_SAFE || mux.written() + (long) text.length() * MAX_CHARACTER > NODE_SAFE;
        return Json.line(text, !javaPeer && cut);
    }

    /** Why a line is not sent on one of the two channels; null when it can be. */
    @Override
    public @Nullable String excess(boolean isControl, CharSequence text, long bytes) {
        boolean anyway = isControl && bytes <= Limits.CONTROL_LINE;
        return agreed.excess(text, anyway ? 0 : bytes);
    }

    /** While an answer is awaited, streams may not stop the reading. */
    @Override
    public void awaitingAnswers(boolean some) {
        mux.urgent(some);
    }

    /** A request has come on one of the two channels. */
    @Override
    public void requested(
            boolean isControl,
            String method,
            @Nullable Object args,
            @Nullable Object id,
            long timeoutMillis,
            int length) {
        List<@Nullable Object> list = args instanceof List<?> given ? RpcChannel.own(given) : List.of();
        Request request = new Request(this, isControl, method, list, id, timeoutMillis, length);
        if (!(args instanceof List<?>)) {
            request.fail(ErrorObjects.of("the arguments of \"" + method + "\" are no array: " + Json.text(args)));
        } else if (!isControl) {
            handler.call(request);
        } else if (method.equals(Streams.OPEN)) {
            streams.opened(request);
        } else if (streams.concerns(request)) {
            streams.about(request);
            monitor.signalAll();
        } else {
            handler.control(request);
        }
    }

    /** The call cannot be answered, so only the end of the connection tells the waiting caller. */
    @Override
    public void unanswered(String method, Throwable thrown) {
        monitor.lock();
        try {
            closed("the call of \"" + method + "\" could not be answered: "
                    + thrown.getClass().getName());
        } finally {
            close();
            monitor.unlock();
        }
    }

    /** The peer sent a message that has no meaning or cannot be handled; the connection is of no further use. */
    @Override
    public void broken(Throwable thrown) {
        try {
            closed(
                    thrown instanceof ProtocolException
                            ? "the peer broke the protocol: " + thrown.getMessage()
                            : "handling what the peer sent failed: "
                                    + thrown.getClass().getName());
        } finally {
            close();
        }
    }

    // From the wire, with the monitor held.

    @Override
    public void receive(ByteBuffer bytes) throws ProtocolException {
        mux.receive(bytes);
        // Resets and acknowledgements are answers, too: a peer that causes them and reads none would fill the memory.
        holdForOutput();
        monitor.signalAll();
    }

    @Override
    public long unended() {
        return (long) control.unended() + calls.unended();
    }

    @Override
    public void sent() {
        if (heldForOutput) {
            heldForOutput = false;
            mux.release();
            handler.outputFull(false);
        }
    }

    @Override
    public void closed(String reason) {
        if (closedBecause == null) {
            closedBecause = reason;
            try {
                mux.lost(reason);
                streams.lost(reason);
            } finally {
                try {
                    handler.closed(reason);
                } finally {
                    monitor.signalAll();
                }
            }
        }
    }
}
