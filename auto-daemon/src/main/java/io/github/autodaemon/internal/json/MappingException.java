package io.github.autodaemon.internal.json;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** A plain value does not have the expected type, or a value has no plain form. The message names the record. */
final class MappingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 80;

    private final boolean placed;

    private MappingException(String message, @Nullable Throwable cause, boolean placed) {
        super(message, cause);
        this.placed = placed;
    }

    static IllegalArgumentException of(@Nullable Object plain, Type type, @Nullable Throwable cause) {
        return because(plain, type, "", cause);
    }

    static IllegalArgumentException because(@Nullable Object plain, Type type, String why, @Nullable Throwable cause) {
        return new MappingException(shown(plain) + " is no " + type.getTypeName() + why, cause, false);
    }

    private static String shown(@Nullable Object plain) {
        String text;
        try {
            StringBuilder out = new StringBuilder();
            JsonWriter.write(out, plain, 0, Mapper.NONE);
            text = out.toString();
        } catch (IllegalArgumentException e) {
            text = "what came";
        }
        return text.length() > SHOWN ? text.substring(0, SHOWN - 3) + "..." : text;
    }

    /** The same failure, in a field of a class; the innermost field is named. */
    static IllegalArgumentException in(Class<?> type, String field, IllegalArgumentException e) {
        if (e instanceof MappingException misfit && misfit.placed) {
            return e;
        }
        Throwable cause = e instanceof MappingException ? e.getCause() : e;
        return new MappingException(e.getMessage() + " (in " + type.getSimpleName() + "." + field + ")", cause, true);
    }
}
