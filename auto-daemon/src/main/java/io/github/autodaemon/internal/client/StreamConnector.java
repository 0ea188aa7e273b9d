package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.net.UnixSocket;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Response;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where further connections to the same daemon come from, each for one stream. */
@FunctionalInterface
public interface StreamConnector {
    /**
     * A new connection, non-blocking, to whoever listens where the daemon did.
     *
     * @return null when nobody can be reached
     */
    @Nullable
    SocketChannel open() throws IOException;

    /**
     * More connections to a place, and to whichever daemon serves there then. No lambda: each command comes through, and the
     * first one costs milliseconds.
     */
    static StreamConnector to(SocketPath place, boolean allowRoot) {
        return new StreamConnector() {
            @Override
            public @Nullable SocketChannel open() throws IOException {
                SocketChannel channel = UnixSocket.connect(place).channel();
                boolean kept = false;
                try {
                    if (channel != null) {
                        CurrentUser.checkDaemon(channel, place.directory(), allowRoot);
                    }
                    kept = true;
                    return channel;
                } finally {
                    if (!kept && channel != null) {
                        channel.close();
                    }
                }
            }
        };
    }

    /** A daemon that does not answer in this time gets no stream of the better kind. */
    long TIMEOUT = TimeUnit.SECONDS.toNanos(5);

    /** One that has not answered in this time is asked, on the session's connection, whether it accepts any. */
    long ASK_AFTER = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * Makes a connection for one stream of a session. A daemon that is out of descriptors leaves it in the queue, where it
     * looks like any other; if it is accepted after we have given up, its end is seen.
     *
     * @param token which session, as the daemon said in its hello
     * @param name of the stream
     * @param deadline when whoever wants the stream does not want it any more
     * @return null when there is none to be had: the daemon has given up its path, or has no descriptors left
     */
    static @Nullable SocketChannel attach(
            StreamConnector door, ClientSession session, String token, String name, long deadline)
            throws InterruptedException {
        try {
            SocketChannel channel = door.open();
            if (channel == null) {
                return null;
            }
            ClientSession aside = over(channel, session.limits());
            boolean kept = false;
            try {
                Response answer = answer(aside, aside.introduce("stream", List.of(token, name)), session, deadline);
                kept = answer != null && answer.error() == null;
            } finally {
                if (kept) {
                    aside.handOver();
                } else {
                    aside.close();
                }
            }
            return kept ? channel : null;
        } catch (IOException e) {
            // Whatever it was, the stream can share the session's connection.
            return null;
        }
    }

    private static @Nullable Response answer(
            ClientSession aside, PendingReply waiting, ClientSession session, long unwanted)
            throws InterruptedException {
        long timedOut = System.nanoTime() + TIMEOUT;
        long deadline = unwanted == Long.MAX_VALUE || timedOut - unwanted < 0 ? timedOut : unwanted;
        CallResult outcome = aside.await(waiting, askAt(deadline));
        while (outcome == null && deadline - System.nanoTime() > 0) {
            Response accepting = session.ask("accepting", List.of(), deadline);
            if (accepting != null && Boolean.FALSE.equals(accepting.value())) {
                return null;
            }
            outcome = aside.await(waiting, askAt(deadline));
        }
        return outcome == null ? null : outcome.answer();
    }

    private static long askAt(long deadline) {
        long askAt = System.nanoTime() + ASK_AFTER;
        return deadline - askAt < 0 ? deadline : askAt;
    }

    /** A selector may be more than there are descriptors for. */
    private static ClientSession over(SocketChannel channel, Limits limits) throws IOException {
        boolean made = false;
        try {
            ClientSession session = new ClientSession(channel, limits, null);
            made = true;
            return session;
        } finally {
            if (!made) {
                channel.close();
            }
        }
    }
}
