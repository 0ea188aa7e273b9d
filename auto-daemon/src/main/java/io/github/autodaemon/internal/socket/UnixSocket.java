package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** One attempt to connect, with an outcome that means one thing only. */
public final class UnixSocket {
    /** What the attempt found. */
    public enum Outcome {
        /** Somebody accepted, or will. */
        CONNECTED,
        /** Nothing is at the path. */
        ABSENT,
        /** A socket is at the path, and nobody listens on it. */
        REFUSED,
        /** A listener is there, and its queue of connections is full. */
        BUSY
    }

    /**
     * The result of an attempt.
     *
     * @param outcome what was found
     * @param channel non-blocking, present if connected
     * @param message what the system said, if not
     */
    public record Attempt(Outcome outcome, @Nullable SocketChannel channel, String message) {}

    private UnixSocket() {}

    /**
     * Tries once, without waiting.
     *
     * @throws IOException for everything that says neither that somebody is there nor that nobody is; the message
     *     says what it is
     */
    public static Attempt connect(SocketPath socket) throws IOException {
        HeadStart.await();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean keep = false;
        try {
            channel.configureBlocking(false);
            boolean connected = channel.connect(socket.address());
            keep = connected;
            return new Attempt(connected ? Outcome.CONNECTED : Outcome.BUSY, connected ? channel : null, "");
        } catch (IOException e) {
            return new Attempt(classify(socket, e), null, String.valueOf(e.getMessage()));
        } finally {
            if (!keep) {
                channel.close();
            }
        }
    }

    /**
     * A regular file and a directory refuse like a stale socket, and the messages are the platform's, so the facts
     * about the file decide.
     */
    private static Outcome classify(SocketPath socket, IOException e) throws IOException {
        FileFacts facts;
        try {
            facts = FileFacts.of(socket.path());
        } catch (AccessDeniedException denied) {
            // Of a directory that is somebody else's the rule says more.
            socket.checkDirectory();
            throw denied;
        }
        if (facts == null) {
            return Outcome.ABSENT;
        }
        if (!facts.isSocket()) {
            throw new IOException(socket + " is " + facts.kind()
                    + ", not a socket; it was left as it is. Move it away or use another" + " path");
        }
        if (e instanceof ConnectException) {
            return Outcome.REFUSED;
        }
        if (!Files.isWritable(socket.path())) {
            throw new IOException("connecting to " + socket + " is not permitted: " + e.getMessage(), e);
        }
        // EAGAIN: the queue of connections is full. What else it may be (the path came into being between the attempt
        // and
        // the look, say) is cured, or ended by the deadline, by looking again.
        return Outcome.BUSY;
    }
}
