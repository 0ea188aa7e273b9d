package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The limits of what one peer may make this side hold.
 *
 * @param maxLine bytes of one JSON line: a call with its arguments, or a reply; {@link #BY_MEMORY} for a limit by the
 *     reading process's memory
 * @param depth nesting of arrays and objects in a line
 * @param streams streams open at once on one connection
 * @param streamBuffer bytes that wait for the reader of a stream before the connection is no longer read
 * @param queuedCalls calls of one connection that wait for their turn before the connection is no longer read
 */
public record Limits(int maxLine, int depth, int streams, int streamBuffer, int queuedCalls) {
    /** 64 MiB, or, if that is less, a sixteenth of the heap: a line is held as bytes, as a text and as a value. */
    public static final int BY_MEMORY = 0;

    /** The defaults: 64 MiB or what the memory allows, 200 levels, 1,000 streams, 256 KiB, 1,000 calls. */
    public static final Limits DEFAULT = new Limits(BY_MEMORY, 200, 1000, 256 << 10, 1000);

    /** The library's own messages are not nested deeper. */
    public static final int LEAST_DEPTH = 10;

    /** The library's own messages, except a line that opens a stream, are no longer, in bytes. */
    static final int CONTROL_LINE = 1 << 20;

    /** How often over {@link #streamBuffer} a stream may grow while a reply is awaited on the same connection. */
    static final int STREAM_GROWTH = 64;

    private static final int OF_MEMORY =
            (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 16);

    /** Bytes of one line, in this process. */
    public int line() {
        return maxLine == BY_MEMORY ? OF_MEMORY : maxLine;
    }

    /** The same for lines to a peer that does not read longer or deeper lines than these. */
    Limits within(long peersLine, long peersDepth) {
        return new Limits(
                (int) Math.min(line(), Math.max(1, peersLine)),
                (int) Math.min(depth, Math.max(LEAST_DEPTH, peersDepth)),
                streams,
                streamBuffer,
                queuedCalls);
    }

    /**
     * Why a text is not sent; null when it can be.
     *
     * @param bytes the text's length in bytes
     */
    public @Nullable String excess(CharSequence text, long bytes) {
        if (bytes > line()) {
            return "has " + bytes + " bytes, the limit is " + line() + "; see maxMessage";
        }
        // Each level takes two characters.
        if (text.length() >= 2 * depth && Json.depth(text) > depth) {
            return "is nested more than " + depth + " levels deep, with what is around it; see maxDepth";
        }
        return null;
    }
}
