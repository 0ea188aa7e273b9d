package io.github.autodaemon.internal.client;

/** The result of the greeting on a new connection. */
public enum Greeting {
    /** A daemon of this library; its hello has come. */
    HELLO,
    /** npm's daemon, which does not know the hello request. */
    NPM,
    /** The connection ended first; nothing was served on it. */
    LOST,
    /** The peer sent bytes that are no hello. */
    STRANGER,
    /** The daemon is dead, and a child that native code has forked keeps the socket open. */
    ORPHANED,
    /** No bytes came in time. */
    SILENT
}
