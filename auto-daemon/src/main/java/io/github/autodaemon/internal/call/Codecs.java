package io.github.autodaemon.internal.call;

import io.github.autodaemon.Codec;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.json.Values;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codecs of a description; a description without codecs has no such object. */
public final class Codecs {
    private static final int MAX_DEPTH = 500;

    private static final List<Class<?>> PLAIN = List.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            ArrayList.class,
            LinkedHashMap.class);

    private final List<CodecForm> forms;
    private final Values values;

    private Codecs(List<CodecForm> forms) {
        this.forms = forms;
        this.values = new Values(List.copyOf(forms));
    }

    /** The codecs of {@code others} and one more. */
    public static Codecs and(@Nullable Codecs others, Class<?> type, Class<?> codec) {
        String what = "codec(" + type.getName() + "): ";
        for (Class<?> plain : PLAIN) {
            if (type.isPrimitive() || type.isAssignableFrom(plain)) {
                throw new IllegalArgumentException(what + (type.isPrimitive() ? type : plain).getName()
                        + " is of this type, and is carried as it is; name another type");
            }
        }
        List<CodecForm> all = new ArrayList<>(others == null ? List.of() : others.forms);
        for (CodecForm other : all) {
            if (other.type.isAssignableFrom(type) || type.isAssignableFrom(other.type)) {
                throw new IllegalArgumentException(what + other.type.getName() + " has "
                        + other.codec.getClass().getName() + ", and a codec is for the subclasses of its type too");
            }
        }
        all.add(new CodecForm(type, make(codec, type.getName())));
        return new Codecs(all);
    }

    /** The codecs of these classes, for the types of these names; null when there are none. */
    public static @Nullable Codecs named(Map<String, String> names) {
        Codecs codecs = null;
        for (Map.Entry<String, String> entry : names.entrySet()) {
            try {
                Class<?> codec = Class.forName(entry.getValue());
                codecs = and(codecs, Class.forName(entry.getKey()), codec);
            } catch (ClassNotFoundException | LinkageError e) {
                throw new IllegalArgumentException(
                        "the codec " + entry.getValue() + " for " + entry.getKey() + " cannot be loaded: " + e, e);
            }
        }
        return codecs;
    }

    private static Codec<?> make(Class<?> type, String of) {
        String what = "the codec " + type.getName() + " for " + of;
        try {
            Constructor<?> constructor = type.getConstructor();
            if (!constructor.trySetAccessible()) {
                throw MethodPlan.closed(type);
            }
            return (Codec<?>) constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(what + " has no public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(what + " cannot be made: " + e.getCause(), e.getCause());
        } catch (InstantiationException | IllegalAccessException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException(what + " cannot be made: " + e, e);
        }
    }

    /** Names of the classes of the codecs, by the names of their types. */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (CodecForm form : forms) {
            names.put(form.type.getName(), form.codec.getClass().getName());
        }
        return names;
    }

    Values values() {
        return values;
    }

    /** A codec as an adapter; the codec's results are checked. */
    private record CodecForm(Class<?> type, Codec<?> codec) implements Values.TypeAdapter {
        @Override
        public @Nullable Object plain(Object value) {
            try {
                @SuppressWarnings("unchecked") // Called only for values of the codec's type.
                Object plain = ((Codec<Object>) codec).toPlain(value);
                check(plain, 0);
                return plain;
            } catch (RuntimeException | LinkageError e) {
                throw new IllegalArgumentException(
                        this + " failed with a value of " + value.getClass().getName() + ": " + words(e), e);
            }
        }

        @Override
        public Object value(Object plain, Class<?> wanted) {
            Object value;
            try {
                value = codec.fromPlain(plain);
            } catch (RuntimeException | LinkageError e) {
                throw new IllegalArgumentException(this + " failed with what came: " + words(e), e);
            }
            if (!wanted.isInstance(value)) {
                throw new IllegalArgumentException(this + " made "
                        + (value == null ? "null" : "a " + value.getClass().getName())
                        + " of what came, and not a " + wanted.getName());
            }
            return value;
        }

        private static void check(@Nullable Object plain, int depth) {
            if (depth > MAX_DEPTH) {
                throw new IllegalArgumentException("it gave what is nested more than " + MAX_DEPTH + " levels deep");
            }
            if (plain instanceof List<?> list) {
                for (Object item : list) {
                    check(item, depth + 1);
                }
            } else if (plain instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    if (!(member.getKey() instanceof String)) {
                        throw new IllegalArgumentException("it gave a map with a key that is no text");
                    }
                    check(member.getValue(), depth + 1);
                }
            } else if (plain != null && !PLAIN.contains(plain.getClass())) {
                throw new IllegalArgumentException(
                        "it gave a " + plain.getClass().getName() + ", which is no plain value");
            } else if (plain instanceof Double || plain instanceof Float) {
                if (!Double.isFinite(((Number) plain).doubleValue())) {
                    throw new IllegalArgumentException("it gave " + plain + ", and JSON has no such number");
                }
            }
        }

        private static String words(Throwable thrown) {
            return thrown instanceof IllegalArgumentException ? Thrown.message(thrown) : Thrown.text(thrown);
        }

        @Override
        public String toString() {
            return "the codec " + codec.getClass().getName();
        }
    }
}
