package io.github.autodaemon.internal.json;

import org.jspecify.annotations.Nullable;

/** The texts of a thrown exception. Getting them may fail: the methods of the exception are foreign code. */
public final class Thrown {
    private Thrown() {}

    /** The exception's message, or else its class name: the class may be foreign, and its methods may fail. */
    public static String message(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (Throwable t) {
            message = null;
        }
        return message == null || message.isEmpty() ? thrown.getClass().getName() : message;
    }

    /** The {@code toString()} of a thrown exception, which may fail. */
    public static String text(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (Throwable t) {
            return thrown.getClass().getName();
        }
    }

    /** The cause of a thrown exception; null when there is none, or when getting it fails. */
    public static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable t) {
            return null;
        }
    }
}
