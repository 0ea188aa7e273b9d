package io.github.autodaemon.internal.json;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Java values as plain JSON values and back. Types that are not listed here go through Gson's own adapters, which are
 * loaded when they are first needed. Any thread may use this object.
 */
public final class Values implements Mapper, Converter {
    /** Values without {@link TypeAdapter}s. */
    public static final Values PLAIN = new Values(List.of());

    private final List<TypeAdapter> forms;
    private volatile @Nullable GsonValues gson;

    /** Values with adapters for some types. */
    public Values(List<TypeAdapter> forms) {
        this.forms = forms;
    }

    /** Converts the values of a type and its subclasses, as the library's user decides. */
    public interface TypeAdapter {
        /** The type. */
        Class<?> type();

        /**
         * A value as null, a truth value, a text, a number, a list or a map.
         *
         * @throws IllegalArgumentException when the value has no plain form; says why
         */
        @Nullable
        Object plain(Object value);

        /**
         * The value that a plain value, which is not null, stands for.
         *
         * @throws IllegalArgumentException when {@code plain} stands for no value of {@code wanted}; says why
         */
        Object value(Object plain, Class<?> wanted);
    }

    /** A value to be written with these forms, for {@link Json#text}. */
    private static final class Carried {
        final @Nullable Object value;
        final Values values;

        Carried(@Nullable Object value, Values values) {
            this.value = value;
            this.values = values;
        }
    }

    /** The same values, wrapped for the writer. */
    public List<@Nullable Object> carried(List<@Nullable Object> given) {
        if (forms.isEmpty()) {
            return given;
        }
        List<@Nullable Object> all = new ArrayList<>(given.size());
        for (Object one : given) {
            all.add(new Carried(one, this));
        }
        return all;
    }

    /** The same value, wrapped for the writer. */
    public @Nullable Object carried(@Nullable Object value) {
        return forms.isEmpty() ? value : new Carried(value, this);
    }

    /** The adapter of a class; null when there is none. */
    @Nullable
    TypeAdapter form(Class<?> type) {
        for (TypeAdapter form : forms) {
            if (form.type().isAssignableFrom(type)) {
                return form;
            }
        }
        return null;
    }

    @Override
    public boolean isMapped(Object value) {
        return !forms.isEmpty() && form(value.getClass()) != null;
    }

    @Override
    public String key(@Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key == null) {
            throw new IllegalArgumentException("a map with a null key cannot be carried");
        }
        TypeAdapter form = form(key.getClass());
        if (form == null) {
            return Scalars.key(key);
        }
        if (form.plain(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("a map with a key of "
                + key.getClass().getName() + " cannot be carried: its codec does not make a text of it");
    }

    @Override
    public @Nullable Object toKey(String key, Type target) {
        Class<?> type = Types.raw(target);
        TypeAdapter form = form(type);
        if (form != null) {
            return form.value(key, type);
        }
        return type == String.class || type == Object.class ? key : Scalars.fromKey(key, type);
    }

    @Override
    public void write(StringBuilder out, Object value, int depth) {
        TypeAdapter form = form(value.getClass());
        if (form != null) {
            JsonWriter.write(out, form.plain(value), depth, PLAIN);
        } else if (value instanceof Record) {
            RecordPlan.of(value.getClass()).write(out, value, depth, this);
        } else if (value instanceof Optional<?> optional) {
            JsonWriter.write(out, optional.orElse(null), depth, this);
        } else if (value instanceof OptionalInt optional) {
            JsonWriter.write(out, optional.isPresent() ? optional.getAsInt() : null, depth, this);
        } else if (value instanceof OptionalLong optional) {
            JsonWriter.write(out, optional.isPresent() ? optional.getAsLong() : null, depth, this);
        } else if (value instanceof OptionalDouble optional) {
            JsonWriter.write(out, optional.isPresent() ? optional.getAsDouble() : null, depth, this);
        } else if (value instanceof byte[] bytes) {
            out.append('"').append(Base64.getEncoder().encodeToString(bytes)).append('"');
        } else if (value.getClass().isArray()) {
            out.append('[');
            int length = Array.getLength(value);
            for (int i = 0; i < length; i++) {
                if (i > 0) {
                    out.append(',');
                }
                JsonWriter.write(out, Array.get(value, i), depth + 1, this);
            }
            out.append(']');
        } else if (value instanceof Carried carried) {
            JsonWriter.write(out, carried.value, depth, carried.values);
        } else {
            String text = Scalars.text(value);
            if (text != null) {
                JsonWriter.quote(out, text);
            } else {
                gson().write(out, value, depth);
            }
        }
    }

    private GsonValues gson() {
        GsonValues present = gson;
        if (present == null) {
            present = new GsonValues(this, this, this::isPlainClass);
            gson = present;
        }
        return present;
    }

    /**
     * Makes a value of {@code target} out of a plain value.
     *
     * @throws IllegalArgumentException when the plain value does not fit; names both
     */
    @Override
    public @Nullable Object convert(@Nullable Object plain, Type target) {
        // The most frequent types, for which a command need not load the rest.
        if (target == Object.class
                || (plain instanceof String && target == String.class)
                || (plain instanceof Boolean && (target == boolean.class || target == Boolean.class))
                || (plain instanceof Long && (target == long.class || target == Long.class))) {
            return plain;
        }
        if (target == void.class || target == Void.class) {
            return null;
        }
        if (plain instanceof Long number
                && number == number.intValue()
                && (target == int.class || target == Integer.class)) {
            return number.intValue();
        }
        Class<?> type = target instanceof Class<?> raw ? raw : Types.raw(target);
        return plain == null ? nothing(type) : toType(plain, target, type);
    }

    /** The value for null, or for a missing value. */
    private static @Nullable Object nothing(Class<?> type) {
        if (type.isPrimitive()) {
            throw MappingException.of(null, type, null);
        }
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type == OptionalInt.class) {
            return OptionalInt.empty();
        }
        if (type == OptionalLong.class) {
            return OptionalLong.empty();
        }
        return type == OptionalDouble.class ? OptionalDouble.empty() : null;
    }

    private @Nullable Object toType(Object plain, Type target, Class<?> type) {
        TypeAdapter form = form(type);
        if (form != null) {
            return form.value(plain, type);
        }
        if (type == Object.class || (type.isInterface() && type.isInstance(plain) && isScalar(plain))) {
            return plain;
        }
        if (type == Optional.class) {
            return Optional.ofNullable(convert(plain, Types.argument(target, Optional.class, 0)));
        }
        if (type == OptionalInt.class) {
            return OptionalInt.of((Integer) number(plain, target, int.class));
        }
        if (type == OptionalLong.class) {
            return OptionalLong.of((Long) number(plain, target, long.class));
        }
        if (type == OptionalDouble.class) {
            return OptionalDouble.of((Double) number(plain, target, double.class));
        }
        if (type.isRecord()) {
            return RecordPlan.of(type).read(plain, target, this);
        }
        if (Scalars.has(type)) {
            Object value = plain instanceof Number ? number(plain, target, type) : null;
            value = plain instanceof String text ? Scalars.of(text, type) : value;
            if (value == null) {
                throw MappingException.of(plain, target, null);
            }
            return value;
        }
        if (type.isArray()) {
            Type component = target instanceof GenericArrayType array
                    ? array.getGenericComponentType()
                    : type.getComponentType();
            return toArray(plain, target, type.getComponentType(), component);
        }
        if (Collection.class.isAssignableFrom(type) || type == Iterable.class) {
            if (plain instanceof List<?> list) {
                return Containers.collection(list, target, this);
            }
            throw MappingException.of(plain, target, null);
        }
        if (Map.class.isAssignableFrom(type)) {
            if (plain instanceof Map<?, ?> map) {
                return Containers.map(map, target, this);
            }
            throw MappingException.of(plain, target, null);
        }
        return gson().read(plain, target);
    }

    /** True if Gson carries the class, field by field. */
    boolean isPlainClass(Class<?> type) {
        return form(type) == null && isClassOfFields(type);
    }

    private static boolean isClassOfFields(Class<?> type) {
        return !(type.isPrimitive()
                || type.isArray()
                || type.isRecord()
                || Modifier.isAbstract(type.getModifiers())
                || type.isAnonymousClass()
                || type.isLocalClass()
                || Enum.class.isAssignableFrom(type)
                || Iterable.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || CharSequence.class.isAssignableFrom(type)
                || Throwable.class.isAssignableFrom(type)
                || Types.isJdk(type));
    }

    private static boolean isScalar(Object plain) {
        return plain instanceof String || plain instanceof Number || plain instanceof Boolean;
    }

    private static Number number(Object plain, Type target, Class<?> type) {
        if (plain instanceof Number number) {
            return Scalars.number(number, type);
        }
        throw MappingException.of(plain, target, null);
    }

    private Object toArray(Object plain, Type target, Class<?> component, Type element) {
        if (!(plain instanceof List<?> list)) {
            throw MappingException.of(plain, target, null);
        }
        Object array = Array.newInstance(component, list.size());
        for (int i = 0; i < list.size(); i++) {
            Array.set(array, i, convert(list.get(i), element));
        }
        return array;
    }
}
