package io.github.autodaemon.internal.client;

/** How a new connection turned out. */
public enum Greeting {
    /** A daemon of this library; its hello is there. */
    HELLO,
    /** npm's daemon: it does not know the request. */
    NPM,
    /** The connection ended first; nothing was served on it. */
    LOST,
    /** Bytes came that are no hello. */
    STRANGER,
    /** Its daemon is dead, and a child that native code has forked keeps the socket open. */
    ORPHANED,
    /** Nothing came in time. */
    SILENT
}
