package io.github.autodaemon.internal.rpc;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plain JSON values as Java types and back. What is not listed here goes through Gson's own adapters, which are loaded
 * when they are first needed.
 */
public final class Values {
    private static final int LONGEST_KEY = Long.toString(Long.MIN_VALUE).length();

    private Values() {}

    /** Writes one element inside of another. */
    interface Nested {
        void write(@Nullable Object value) throws IOException;
    }

    static boolean isText(Object value) {
        return value instanceof Path;
    }

    static String key(@Nullable Object key) {
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        if (key == null) {
            throw new IllegalArgumentException("a map with a null key cannot be carried");
        }
        return key.toString();
    }

    static void write(JsonWriter writer, Object value, Nested nested) throws IOException {
        if (value instanceof CharSequence
                || value instanceof Character
                || value instanceof Path
                || value instanceof Duration
                || value instanceof Instant) {
            writer.value(value.toString());
        } else if (value instanceof Enum<?> constant) {
            writer.value(constant.name());
        } else if (value instanceof Optional<?> optional) {
            nested.write(optional.orElse(null));
        } else if (value instanceof byte[] bytes) {
            writer.value(Base64.getEncoder().encodeToString(bytes));
        } else if (value.getClass().isArray()) {
            writer.beginArray();
            int length = Array.getLength(value);
            for (int i = 0; i < length; i++) {
                nested.write(Array.get(value, i));
            }
            writer.endArray();
        } else {
            GsonValues.write(writer, value);
        }
    }

    /**
     * Makes a value of {@code target} out of a plain one.
     *
     * @throws IllegalArgumentException when it does not fit; names both
     */
    public static @Nullable Object convert(@Nullable Object plain, Type target) {
        if (target instanceof Class<?> type) {
            return toClass(plain, type);
        }
        if (target instanceof WildcardType wildcard) {
            return convert(plain, wildcard.getUpperBounds()[0]);
        }
        if (target instanceof GenericArrayType array) {
            return toArray(plain, array.getGenericComponentType());
        }
        if (target instanceof ParameterizedType type && type.getRawType() instanceof Class<?> raw) {
            Type[] arguments = type.getActualTypeArguments();
            if (raw == Optional.class) {
                return Optional.ofNullable(convert(plain, arguments[0]));
            }
            if (plain == null) {
                return null;
            }
            if (Collection.class.isAssignableFrom(raw) && arguments.length == 1 && plain instanceof List<?> list) {
                if (raw.isAssignableFrom(ArrayList.class)) {
                    return collect(list, arguments[0], new ArrayList<>());
                }
                if (raw.isAssignableFrom(LinkedHashSet.class)) {
                    return collect(list, arguments[0], new LinkedHashSet<>());
                }
            }
            if (raw.isAssignableFrom(LinkedHashMap.class) && arguments.length == 2 && plain instanceof Map<?, ?> map) {
                Map<@Nullable Object, @Nullable Object> out = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.put(toKey(key(entry.getKey()), arguments[0]), convert(entry.getValue(), arguments[1]));
                }
                return out;
            }
        }
        return GsonValues.read(plain, target);
    }

    private static Collection<@Nullable Object> collect(List<?> list, Type element, Collection<@Nullable Object> into) {
        for (Object item : list) {
            into.add(convert(item, element));
        }
        return into;
    }

    private static @Nullable Object toKey(String key, Type type) {
        if (type == Integer.class || type == Long.class || type == Short.class || type == Byte.class) {
            // Looked at before it is converted: many digits would take quadratic time.
            if (key.length() > LONGEST_KEY) {
                throw misfit(key, type, null);
            }
            try {
                return convert(new BigInteger(key), type);
            } catch (NumberFormatException e) {
                throw misfit(key, type, e);
            }
        }
        return convert(key, type);
    }

    private static @Nullable Object toClass(@Nullable Object plain, Class<?> type) {
        if (type == Object.class) {
            return plain;
        }
        if (type == void.class || type == Void.class) {
            return null;
        }
        if (plain == null) {
            if (type.isPrimitive()) {
                throw misfit(null, type, null);
            }
            return type == Optional.class ? Optional.empty() : null;
        }
        try {
            if (plain instanceof Number number && (type.isPrimitive() || Number.class.isAssignableFrom(type))) {
                return toNumber(number, type);
            }
            if (plain instanceof String text) {
                if (type == String.class || type == CharSequence.class) {
                    return text;
                }
                if ((type == char.class || type == Character.class) && text.length() == 1) {
                    return text.charAt(0);
                }
                if (type.isEnum()) {
                    return constant(text, type);
                }
                if (type == byte[].class) {
                    return Base64.getDecoder().decode(text);
                }
                if (type == Path.class) {
                    return Path.of(text);
                }
                if (type == Duration.class) {
                    return Duration.parse(text);
                }
                if (type == Instant.class) {
                    return Instant.parse(text);
                }
            }
        } catch (ArithmeticException | IllegalArgumentException | java.time.DateTimeException e) {
            throw misfit(plain, type, e);
        }
        if (plain instanceof Boolean && (type == boolean.class || type == Boolean.class)) {
            return plain;
        }
        if (plain instanceof Map<?, ?> && (type == Map.class || type.isAssignableFrom(LinkedHashMap.class))) {
            return plain;
        }
        if (plain instanceof List<?> list) {
            if (type.isAssignableFrom(ArrayList.class)) {
                return list;
            }
            if (type == Set.class) {
                return new LinkedHashSet<>(list);
            }
            if (type.isArray() && type != byte[].class) {
                return toArray(list, type.getComponentType());
            }
        }
        if (type.isPrimitive()
                || type == String.class
                || type == Boolean.class
                || Number.class.isAssignableFrom(type)) {
            throw misfit(plain, type, null);
        }
        return GsonValues.read(plain, type);
    }

    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no such constant");
    }

    private static @Nullable Object toArray(@Nullable Object plain, Type element) {
        if (plain == null) {
            return null;
        }
        Class<?> component = element instanceof Class<?> type
                ? type
                : element instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw
                        ? raw
                        : Object.class;
        if (!(plain instanceof List<?> list)) {
            throw misfit(plain, component.arrayType(), null);
        }
        Object array = Array.newInstance(component, list.size());
        for (int i = 0; i < list.size(); i++) {
            Array.set(array, i, convert(list.get(i), element));
        }
        return array;
    }

    private static Number toNumber(Number number, Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return Math.toIntExact(toLong(number));
        }
        if (type == long.class || type == Long.class) {
            return toLong(number);
        }
        if (type == double.class || type == Double.class) {
            return number.doubleValue();
        }
        if (type == float.class || type == Float.class) {
            return number.floatValue();
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
            BigDecimal decimal = toDecimal(number);
            if (decimal.precision() - decimal.scale() > 10_000) {
                throw new ArithmeticException("too large");
            }
            return decimal.toBigIntegerExact();
        }
        if (type == Number.class) {
            return number;
        }
        throw new IllegalArgumentException("not a type of number");
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

    private static BigDecimal toDecimal(Number number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }

    static IllegalArgumentException misfit(@Nullable Object plain, Type type, @Nullable Exception cause) {
        String text = Json.text(plain);
        String shown = text.length() > 80 ? text.substring(0, 77) + "..." : text;
        return new IllegalArgumentException(shown + " is no " + type.getTypeName(), cause);
    }
}
