package io.github.autodaemon.internal.json;

import org.jspecify.annotations.Nullable;

/** What something that was thrown says of itself, which may fail: its methods are anybody's code. */
public final class Thrown {
    private Thrown() {}

    /** What is thrown may be anybody's class, whose methods fail like others: its message, or else its class. */
    public static String message(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (Throwable t) {
            message = null;
        }
        return message == null || message.isEmpty() ? thrown.getClass().getName() : message;
    }

    /** As {@code toString()} of what is thrown, which may fail. */
    public static String text(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (Throwable t) {
            return thrown.getClass().getName();
        }
    }

    /** The cause of what is thrown; null when it has none, or does not tell. */
    public static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable t) {
            return null;
        }
    }
}
