package io.github.autodaemon.internal.json;

import com.google.gson.annotations.JsonAdapter;
import java.io.Closeable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Checks whether values of a type can be carried, with all their parts, before there is a value. */
public final class TypeValidation {
    /** Past this depth a generic record only repeats itself, with larger arguments. */
    private static final int MAX_DEPTH = 50;

    private static final int MAX_TYPES = 1000;

    private static final String NO_WAY = "which cannot go to another process";

    private final Values values;
    private final Set<Type> seen = new HashSet<>();

    /** Validation for values with these forms. A type that can be carried is not checked again. */
    public TypeValidation(Values values) {
        this.values = values;
    }

    /**
     * Why a type cannot be carried.
     *
     * @param type the type; it may be in a record of another
     * @param place where the type is, in parentheses; empty when it is the checked type itself
     * @param why a relative clause
     * @param instead what to do
     */
    public record Refusal(String type, String place, String why, String instead) {}

    /** Why values of a type cannot be carried; null when they can. */
    public @Nullable Refusal refusal(Type type) {
        return check(type, "", 0);
    }

    private @Nullable Refusal check(Type type, String place, int depth) {
        if (depth > MAX_DEPTH || seen.size() > MAX_TYPES || !seen.add(type)) {
            return null;
        }
        if (type instanceof TypeVariable<?>) {
            return new Refusal(type.getTypeName(), place, "which could be any type", "use a plain type");
        }
        if (type instanceof WildcardType wildcard) {
            return check(wildcard.getUpperBounds()[0], place, depth + 1);
        }
        if (type instanceof GenericArrayType array) {
            return check(array.getGenericComponentType(), place, depth + 1);
        }
        Class<?> raw = Types.raw(type);
        if (values.form(raw) != null || raw == Object.class || raw == void.class || raw == Void.class) {
            return null;
        }
        if (raw.isArray()) {
            return check(raw.getComponentType(), place, depth + 1);
        }
        if (Scalars.has(raw) || raw == OptionalInt.class || raw == OptionalLong.class || raw == OptionalDouble.class) {
            return null;
        }
        if (raw == Optional.class) {
            return optional(type, place, depth);
        }
        if (raw.isRecord()) {
            return components(type, raw, depth);
        }
        if ((Iterable.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw)) && Containers.makes(raw)) {
            return elements(type, raw, place, depth);
        }
        if (!values.isPlainClass(raw)) {
            return new Refusal(raw.getName(), place, NO_WAY, instead(raw));
        }
        return raw.isAnnotationPresent(JsonAdapter.class) ? null : fields(type, raw, place, depth);
    }

    private @Nullable Refusal optional(Type type, String place, int depth) {
        Type content = Types.argument(type, Optional.class, 0);
        Class<?> raw = Types.raw(content);
        boolean twice = raw == Optional.class
                || raw == OptionalInt.class
                || raw == OptionalLong.class
                || raw == OptionalDouble.class;
        return twice && values.form(raw) == null
                ? new Refusal(type.getTypeName(), place, "of which null could be either", "use one Optional")
                : check(content, place, depth + 1);
    }

    private @Nullable Refusal elements(Type type, Class<?> raw, String place, int depth) {
        if (!Map.class.isAssignableFrom(raw)) {
            return check(Types.argument(type, Iterable.class, 0), place, depth + 1);
        }
        Type key = Types.argument(type, Map.class, 0);
        Class<?> rawKey = Types.raw(key);
        boolean said = type instanceof ParameterizedType generic
                && !(generic.getActualTypeArguments()[0] instanceof WildcardType);
        boolean named = Scalars.isKey(rawKey) || values.form(rawKey) != null || (rawKey == Object.class && !said);
        if (!named) {
            return new Refusal(
                    type.getTypeName(),
                    place,
                    "whose keys are no names of members of a JSON object",
                    "use a list of records, or name a codec for " + key.getTypeName());
        }
        return check(Types.argument(type, Map.class, 1), place, depth + 1);
    }

    private @Nullable Refusal components(Type type, Class<?> raw, int depth) {
        Map<TypeVariable<?>, Type> binding = Types.binding(type);
        for (RecordComponent component : raw.getRecordComponents()) {
            // A type variable without a binding takes any value.
            boolean any = binding.isEmpty() && component.getGenericType() instanceof TypeVariable<?>;
            Type resolved = Types.resolve(component.getGenericType(), binding);
            Refusal refusal = any ? null : check(resolved, in(raw, component.getName()), depth + 1);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private @Nullable Refusal fields(Type type, Class<?> raw, String place, int depth) {
        Map<TypeVariable<?>, Type> binding = Types.binding(type);
        for (Field field : raw.getDeclaredFields()) {
            boolean carried = !Modifier.isStatic(field.getModifiers())
                    && !Modifier.isTransient(field.getModifiers())
                    && !field.isSynthetic();
            if (carried && !field.isAnnotationPresent(JsonAdapter.class)) {
                Type resolved = Types.resolve(field.getGenericType(), binding);
                Refusal refusal = check(resolved, in(raw, field.getName()), depth + 1);
                if (refusal != null) {
                    return refusal;
                }
            }
        }
        Type parent = raw.getGenericSuperclass();
        Class<?> rawParent = raw.getSuperclass();
        if (parent == null || rawParent == null) {
            return null;
        }
        if (!Types.isJdk(rawParent)) {
            return fields(Types.resolve(parent, binding), rawParent, place, depth + 1);
        }
        return hasState(rawParent)
                ? new Refusal(raw.getName() + ", a " + rawParent.getName(), place, NO_WAY, instead(rawParent))
                : null;
    }

    private static boolean hasState(Class<?> type) {
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            for (Field field : one.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String in(Class<?> type, String member) {
        return " (in " + type.getSimpleName() + "." + member + ")";
    }

    private static String instead(Class<?> type) {
        if (BaseStream.class.isAssignableFrom(type)
                || Iterator.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type)
                || (Iterable.class.isAssignableFrom(type) && AutoCloseable.class.isAssignableFrom(type))) {
            return "let the method return or take a Sequence of the values, and nothing around it";
        }
        if (AutoCloseable.class.isAssignableFrom(type)
                && (type.isInterface() || Closeable.class.isAssignableFrom(type))) {
            return "let the method return a Duplex, and nothing around it";
        }
        if (Future.class.isAssignableFrom(type)) {
            return "let the method return a CompletableFuture, and nothing around it";
        }
        if (type == Class.class || Thread.class.isAssignableFrom(type) || Throwable.class.isAssignableFrom(type)) {
            return "pass its name or its message";
        }
        return Types.isJdk(type) && !type.isInterface()
                ? "pass text or a number, or name a codec for it"
                : "pass data: a record, a list, a map, text or a number, or name a codec for it";
    }
}
