package io.github.autodaemon.internal.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values that are texts or numbers in JSON. */
final class Scalars {
    private static final int MAX_DIGITS = 10_000;

    private static final Set<Class<?>> NUMBERS = Set.of(
            byte.class,
            Byte.class,
            short.class,
            Short.class,
            int.class,
            Integer.class,
            long.class,
            Long.class,
            float.class,
            Float.class,
            double.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class);

    private static final Set<Class<?>> TEXTS = Set.of(
            String.class,
            CharSequence.class,
            char.class,
            Character.class,
            Path.class,
            Duration.class,
            Instant.class,
            UUID.class,
            URI.class);

    private static final int MAX_LIST = 400;

    private Scalars() {}

    /** True if a value of this class is a text, a number or a truth value in JSON. */
    static boolean has(Class<?> type) {
        return isKey(type) || type == Number.class || type == byte[].class;
    }

    /** True if a value of this class can be the name of a member of a JSON object. */
    static boolean isKey(Class<?> type) {
        return NUMBERS.contains(type)
                || TEXTS.contains(type)
                || type.isEnum()
                || type == boolean.class
                || type == Boolean.class;
    }

    /** The text of a value; null when the value has none. */
    static @Nullable String text(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Path path && path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(path + " cannot be carried: it is a path in another file system, "
                    + path.getFileSystem().getClass().getName());
        }
        boolean text = value instanceof CharSequence
                || value instanceof Character
                || value instanceof Path
                || value instanceof Duration
                || value instanceof Instant
                || value instanceof UUID
                || value instanceof URI;
        return text ? value.toString() : null;
    }

    /** The name of a JSON object's member for a key of a map. */
    static String key(Object key) {
        if (key instanceof Double || key instanceof Float || key instanceof BigInteger || key instanceof BigDecimal) {
            return JsonWriter.number((Number) key);
        }
        String text = key instanceof Number || key instanceof Boolean ? key.toString() : text(key);
        if (key instanceof Number && !NUMBERS.contains(key.getClass())) {
            text = null;
        }
        if (text == null) {
            throw new IllegalArgumentException(
                    "a map with a key of " + key.getClass().getName() + " cannot be carried");
        }
        return text;
    }

    /** The key of a map for the name of a member. */
    static Object fromKey(String key, Class<?> type) {
        if (NUMBERS.contains(type)) {
            // The length is checked before the conversion: many digits would take quadratic time.
            if (key.length() > JsonParser.MAX_NUMBER) {
                throw MappingException.of(key, type, null);
            }
            try {
                BigDecimal exact = new BigDecimal(key);
                boolean floating = type == Double.class || type == Float.class;
                return number(floating ? (Number) Double.valueOf(key) : exact, type);
            } catch (ArithmeticException | NumberFormatException e) {
                throw MappingException.of(key, type, e);
            }
        }
        if (type == Boolean.class && (key.equals("true") || key.equals("false"))) {
            return key.equals("true");
        }
        Object value = of(key, type);
        if (value == null) {
            throw MappingException.of(key, type, null);
        }
        return value;
    }

    /** A text as a value of a class; null when the class has no text form. */
    static @Nullable Object of(String text, Class<?> type) {
        if (type.isEnum()) {
            return constant(text, type);
        }
        try {
            if (type == String.class || type == CharSequence.class) {
                return text;
            }
            if (type == char.class || type == Character.class) {
                return text.length() == 1 ? (Object) text.charAt(0) : null;
            }
            if (type == byte[].class) {
                return Base64.getDecoder().decode(text);
            }
            if (type == Path.class) {
                return path(text);
            }
            if (type == Duration.class) {
                return Duration.parse(text);
            }
            if (type == Instant.class) {
                return Instant.parse(text);
            }
            if (type == UUID.class) {
                return UUID.fromString(text);
            }
            if (type == URI.class) {
                return URI.create(text);
            }
            return null;
        } catch (MappingException e) {
            throw e;
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw MappingException.of(text, type, e);
        }
    }

    /** In the C locale a JVM cannot open a file with a non-ASCII name. */
    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            String why = ": a JVM whose encoding is " + System.getProperty("sun.jnu.encoding")
                    + " cannot name it; run it with LC_ALL=C.UTF-8 in its environment";
            throw MappingException.because(text, Path.class, text.indexOf(0) < 0 ? why : "", e);
        }
    }

    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        throw MappingException.because(text, type, "; there are: " + listed(type), null);
    }

    private static String listed(Class<?> type) {
        StringBuilder all = new StringBuilder();
        for (Object constant : type.getEnumConstants()) {
            all.append(all.length() == 0 ? "" : ", ").append(((Enum<?>) constant).name());
        }
        return all.length() > MAX_LIST ? all.substring(0, MAX_LIST) + "..." : all.toString();
    }

    /** A number as a value of a class. A fraction may be rounded to the nearest value; nothing else is lost. */
    static Number number(Number number, Class<?> type) {
        try {
            if (type == int.class || type == Integer.class) {
                return Math.toIntExact(toLong(number));
            }
            if (type == long.class || type == Long.class) {
                return toLong(number);
            }
            if (type == double.class || type == Double.class) {
                double value = number.doubleValue();
                return finite(value, value);
            }
            if (type == float.class || type == Float.class) {
                float value = number.floatValue();
                return finite(value, value);
            }
            if (type == short.class || type == Short.class) {
                return exact(toLong(number), Short.MIN_VALUE, Short.MAX_VALUE).shortValue();
            }
            if (type == byte.class || type == Byte.class) {
                return exact(toLong(number), Byte.MIN_VALUE, Byte.MAX_VALUE).byteValue();
            }
            if (type == BigDecimal.class) {
                return toDecimal(number);
            }
            if (type == BigInteger.class) {
                return toInteger(toDecimal(number));
            }
            if (type == Number.class) {
                return number;
            }
        } catch (ArithmeticException e) {
            throw MappingException.of(number, type, e);
        }
        throw MappingException.of(number, type, null);
    }

    private static Number finite(double value, Number number) {
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            throw new ArithmeticException("overflow");
        }
        return number;
    }

    private static Long exact(long value, long min, long max) {
        if (value < min || value > max) {
            throw new ArithmeticException("overflow");
        }
        return value;
    }

    private static long toLong(Number number) {
        return number instanceof Long value ? value : toDecimal(number).longValueExact();
    }

    /** To convert 1e-999999999, or even a zero written so, the JDK would compute the power of ten first. */
    private static BigInteger toInteger(BigDecimal decimal) {
        long digits = (long) decimal.precision() - decimal.scale();
        if (decimal.signum() == 0) {
            return BigInteger.ZERO;
        }
        if (digits > MAX_DIGITS) {
            throw new ArithmeticException("too large");
        }
        if (digits <= 0) {
            throw new ArithmeticException("a fraction");
        }
        return decimal.toBigIntegerExact();
    }

    private static BigDecimal toDecimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }
}
