package io.github.autodaemon.internal.rpc;

/**
 * What one peer may make this side hold.
 *
 * @param line bytes of one JSON line: a call with its arguments, or a reply
 * @param depth nesting of arrays and objects in a line
 * @param streams streams open at once on one connection
 * @param streamBuffer bytes that wait for the reader of a stream before the connection is no longer read
 * @param queuedCalls calls of one connection that wait for their turn before it is no longer read
 */
public record Limits(int line, int depth, int streams, int streamBuffer, int queuedCalls) {
    /** The defaults: 64 MiB, 200 levels, 1,000 streams, 256 KiB, 1,000 calls. */
    public static final Limits DEFAULT = new Limits(64 << 20, 200, 1000, 256 << 10, 1000);

    /** How often over {@link #streamBuffer} a stream may grow while a reply is awaited on the same connection. */
    static final int STREAM_GROWTH = 64;
}
