package io.github.autodaemon.internal.rpc;

import java.util.LinkedHashMap;
import java.util.Map;

/** Exceptions as the plain objects that travel: {@code message} as on the npm side, and what Java can add. */
public final class ErrorObjects {
    private ErrorObjects() {}

    /** An error that has only a message. */
    public static Map<String, Object> of(String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        return error;
    }

    /** An exception with its message and type. The message is never empty: npm knows an error by it. */
    public static Map<String, Object> of(Throwable thrown) {
        String message = thrown.getMessage();
        String type = thrown.getClass().getName();
        Map<String, Object> error = of(message == null || message.isEmpty() ? type : message);
        error.put("name", type.substring(type.lastIndexOf('.') + 1));
        error.put("type", type);
        return error;
    }
}
