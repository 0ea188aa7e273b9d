package io.github.autodaemon.internal.server;

import java.time.Duration;

/**
 * Why a daemon leaves.
 *
 * @param kind for programs
 * @param text in words, for the log and the status
 */
public record Reason(Kind kind, String text) {
    /** The kinds. */
    public enum Kind {
        /** The service closed its server. */
        CLOSED,
        /** Somebody stopped it. */
        STOPPED,
        /** The system, or a user, sent a signal. */
        SIGNAL,
        /** A client needs another daemon in its place. */
        REPLACED,
        /** With autoclose: the last reference was released. */
        UNREFERENCED,
        /** Nobody was connected for the idle timeout. */
        IDLE,
        /** Nobody can find it any more. */
        PATH_LOST,
        /** The service ended the process. */
        EXIT,
        /** It never served. */
        FAILED
    }

    /** The service closed its server. */
    public static Reason closed() {
        return new Reason(Kind.CLOSED, "closed by the service");
    }

    /** Somebody stopped it. */
    static Reason stopped(String by) {
        return new Reason(Kind.STOPPED, "stopped by " + by);
    }

    /** It got a signal. */
    public static Reason signal() {
        return new Reason(Kind.SIGNAL, "asked to by a signal");
    }

    /** A client needs another one. */
    static Reason replaced(String by, String difference) {
        return new Reason(Kind.REPLACED, "replaced, asked to by " + by + ": " + difference);
    }

    /** Nobody holds a reference. */
    static Reason unreferenced() {
        return new Reason(Kind.UNREFERENCED, "no reference is held any more");
    }

    /** Nobody came. */
    static Reason idle(Duration time) {
        return new Reason(Kind.IDLE, "idle for " + time.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
    }

    /** The path does not lead here. */
    static Reason pathLost() {
        return new Reason(Kind.PATH_LOST, "its socket's path was removed or replaced");
    }

    /** The service ended the process. */
    public static Reason exit() {
        return new Reason(Kind.EXIT, "the service ended the process");
    }

    /** What reads for all of its connections does not go on. */
    static Reason broken() {
        return new Reason(Kind.FAILED, "what reads for all of its connections failed, as its log says");
    }

    /** The program that it runs in has no more use for it. */
    public static Reason ended() {
        return new Reason(Kind.CLOSED, "stopped by the program that it runs in");
    }

    /** It could not listen. */
    public static Reason failed() {
        return new Reason(Kind.FAILED, "it could not start");
    }

    @Override
    public String toString() {
        return text;
    }
}
