package io.github.autodaemon.internal.server;

import java.time.Duration;

/**
 * Why a daemon leaves.
 *
 * @param kind the kind, for programs
 * @param text the reason in words, for the log and the status
 */
public record Reason(Kind kind, String text) {
    /** The kinds. */
    public enum Kind {
        /** The service closed its server. */
        CLOSED,
        /** A user or a program stopped the daemon. */
        STOPPED,
        /** The system, or a user, sent a signal. */
        SIGNAL,
        /** A client needs another daemon in its place. */
        REPLACED,
        /** With autoclose: the last reference was released. */
        UNREFERENCED,
        /** No client was connected for the idle timeout. */
        IDLE,
        /** Clients cannot find the daemon any more. */
        PATH_LOST,
        /** The service ended the process. */
        EXIT,
        /** A command of the service does not end. */
        STUCK,
        /** The daemon could not serve, or cannot go on. */
        FAILED
    }

    /** The service closed its server. */
    public static Reason closed() {
        return new Reason(Kind.CLOSED, "closed by the service");
    }

    /** A user or a program stopped the daemon. */
    static Reason stopped(String by) {
        return new Reason(Kind.STOPPED, "stopped by " + by);
    }

    /** The daemon got a signal. */
    public static Reason signal() {
        return new Reason(Kind.SIGNAL, "asked to by a signal");
    }

    /** A client needs another daemon. */
    static Reason replaced(String by, String difference) {
        return new Reason(Kind.REPLACED, "replaced, asked to by " + by + ": " + difference);
    }

    /** No reference is held. */
    static Reason unreferenced() {
        return new Reason(Kind.UNREFERENCED, "no reference is held any more");
    }

    /** No client came. */
    static Reason idle(Duration time) {
        return new Reason(Kind.IDLE, "idle for " + time.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
    }

    /** The path does not lead to this daemon's socket. */
    static Reason pathLost() {
        return new Reason(Kind.PATH_LOST, "its socket's path was removed or replaced");
    }

    /** The service ended the process. */
    public static Reason exit() {
        return new Reason(Kind.EXIT, "the service ended the process");
    }

    /** The thread that reads for all connections has failed. */
    static Reason broken() {
        return new Reason(Kind.FAILED, "what reads for all of its connections failed, as its log says");
    }

    /** The program that the server runs in has no more use for it. */
    public static Reason ended() {
        return new Reason(Kind.CLOSED, "stopped by the program that it runs in");
    }

    /** A command goes on though its caller has gone. */
    static Reason stuck(String command) {
        return new Reason(
                Kind.STUCK,
                "the command \"" + command + "\" does not end, though it was cancelled and its caller is gone");
    }

    /** The daemon could not listen. */
    public static Reason failed() {
        return new Reason(Kind.FAILED, "it could not start");
    }

    @Override
    public String toString() {
        return text;
    }
}
