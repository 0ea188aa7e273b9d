package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.json.Types;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exceptions as plain objects for the wire: {@code message} as on the npm side, and the fields that Java can add. */
public final class ErrorObjects {
    /** How many causes are sent, and read. */
    public static final int MAX_CAUSES = 10;

    private static final int MAX_TEXT = 64 * 1024;

    private static final Set<String> RESERVED = Set.of("message", "name", "type", "causes", "stack");

    private static final Set<Class<?>> NUMBERS = Set.of(
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class);

    private ErrorObjects() {}

    /** An error that has only a message. */
    public static Map<String, Object> of(String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", bounded(message));
        return error;
    }

    /**
     * An exception with its message and type, its causes, and its simple public fields. The message is never empty: npm
     * recognizes an error by its message.
     *
     * @param stack whether the stack is added
     */
    static Map<String, @Nullable Object> of(Throwable thrown, boolean stack) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>(of(Thrown.message(thrown)));
        try {
            describe(thrown, stack, error);
        } catch (Throwable t) {
            // Without memory, or a class of a field, the entries that were made before have to do.
            assert t != thrown;
        }
        return error;
    }

    private static void describe(Throwable thrown, boolean stack, Map<String, @Nullable Object> error) {
        String type = thrown.getClass().getName();
        error.put("name", type.substring(type.lastIndexOf('.') + 1));
        error.put("type", type);
        List<Object> causes = causes(thrown);
        if (!causes.isEmpty()) {
            error.put("causes", causes);
        }
        if (stack) {
            error.put("stack", stack(thrown));
        }
        for (Class<?> c = thrown.getClass(); !Types.isJdk(c); c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (isOwn(field) && !error.containsKey(field.getName())) {
                    addShown(error, field, thrown);
                }
            }
        }
    }

    private static List<Object> causes(Throwable thrown) {
        List<Object> causes = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(thrown);
        Throwable cause = Thrown.cause(thrown);
        while (cause != null && causes.size() < MAX_CAUSES && seen.add(cause)) {
            Map<String, Object> told = of(Thrown.message(cause));
            told.put("type", cause.getClass().getName());
            causes.add(told);
            cause = Thrown.cause(cause);
        }
        return causes;
    }

    private static boolean isOwn(Field field) {
        int modifiers = field.getModifiers();
        return !Modifier.isStatic(modifiers)
                && !Modifier.isTransient(modifiers)
                && !field.isSynthetic()
                && !RESERVED.contains(field.getName());
    }

    /** Adds the value of a public field, or of a public accessor of the field's name. */
    private static void addShown(Map<String, @Nullable Object> error, Field field, Throwable thrown) {
        Object value;
        try {
            if (Modifier.isPublic(field.getModifiers())) {
                if (!field.trySetAccessible()) {
                    return;
                }
                value = field.get(thrown);
            } else {
                Method accessor = accessor(field);
                if (accessor == null || !accessor.trySetAccessible()) {
                    return;
                }
                value = accessor.invoke(thrown);
            }
        } catch (Throwable t) {
            // The accessor is foreign code.
            return;
        }
        addValue(error, field, value);
    }

    /** A record's or a bean's accessor. */
    private static @Nullable Method accessor(Field field) {
        String name = field.getName();
        String capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        for (String candidate : List.of(name, "get" + capital, "is" + capital)) {
            try {
                Method method = field.getDeclaringClass().getDeclaredMethod(candidate);
                if (Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == field.getType()) {
                    return method;
                }
            } catch (NoSuchMethodException e) {
                assert !candidate.isEmpty();
            }
        }
        return null;
    }

    private static void addValue(Map<String, @Nullable Object> error, Field field, @Nullable Object value) {
        Class<?> type = field.getType();
        if (value instanceof String text) {
            error.put(field.getName(), bounded(text));
        } else if (value instanceof Enum<?> constant) {
            error.put(field.getName(), constant.name());
        } else if (value instanceof Boolean || isNumber(value)) {
            error.put(field.getName(), value);
        } else if (value == null
                && (type == String.class || type == Boolean.class || type.isEnum() || NUMBERS.contains(type))) {
            error.put(field.getName(), null);
        }
    }

    private static boolean isNumber(@Nullable Object value) {
        if (value == null || !NUMBERS.contains(value.getClass())) {
            return false;
        }
        try {
            Json.number((Number) value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The stack of an exception, as far as it is sent. */
    public static String stack(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Writer bounded = new Writer() {
            @Override
            public void write(char[] from, int offset, int length) {
                text.append(from, offset, Math.min(length, MAX_TEXT + 1 - text.length()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        try {
            thrown.printStackTrace(new PrintWriter(bounded));
        } catch (Throwable t) {
            text.append("(and then printStackTrace() failed: ")
                    .append(t.getClass().getName())
                    .append(')');
        }
        return bounded(text.toString().strip());
    }

    private static String bounded(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = MAX_TEXT - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }
}
