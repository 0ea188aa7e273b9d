package io.github.autodaemon.internal.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Collections and maps: makes instances of declared interfaces and classes. */
final class Containers {
    private static final List<Class<?>> USUAL = List.of(
            ArrayList.class,
            LinkedHashSet.class,
            TreeSet.class,
            LinkedList.class,
            LinkedHashMap.class,
            TreeMap.class,
            ConcurrentHashMap.class);

    private Containers() {}

    /** True if a collection or map of this declared type can be made. */
    static boolean makes(Class<?> type) {
        return type == EnumSet.class || type == EnumMap.class || usual(type) != null || constructor(type) != null;
    }

    private static @Nullable Class<?> usual(Class<?> type) {
        for (Class<?> one : USUAL) {
            if (type.isAssignableFrom(one)) {
                return one;
            }
        }
        return null;
    }

    private static @Nullable Constructor<?> constructor(Class<?> type) {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            return null;
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            return constructor.trySetAccessible() ? constructor : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static Object make(Object plain, Type target, Class<?> type) {
        Class<?> usual = usual(type);
        Constructor<?> constructor = constructor(usual == null ? type : usual);
        if (constructor == null) {
            throw MappingException.of(plain, target, null);
        }
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw MappingException.because(plain, target, ": " + RecordPlan.threw(e), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Collection<?> collection(List<?> plain, Type target, Converter converter) {
        Class<?> type = Types.raw(target);
        Type element = Types.argument(target, Iterable.class, 0);
        if (element == Object.class && type.isAssignableFrom(ArrayList.class)) {
            return plain;
        }
        Object made = type == EnumSet.class ? noneOf(plain, target, element) : make(plain, target, type);
        @SuppressWarnings("unchecked") // Only elements are added, as far as the declaration says.
        Collection<@Nullable Object> collection = (Collection<@Nullable Object>) made;
        for (Object item : plain) {
            Object converted = converter.convert(item, element);
            try {
                collection.add(converted);
            } catch (NullPointerException
                    | ClassCastException
                    | IllegalStateException
                    | IllegalArgumentException
                    | UnsupportedOperationException e) {
                throw MappingException.of(plain, target, e);
            }
        }
        return collection;
    }

    static Map<?, ?> map(Map<?, ?> plain, Type target, Converter converter) {
        Class<?> type = Types.raw(target);
        Type key = Types.argument(target, Map.class, 0);
        Type value = Types.argument(target, Map.class, 1);
        if (key == Object.class && value == Object.class && type.isAssignableFrom(LinkedHashMap.class)) {
            return plain;
        }
        Object made = type == EnumMap.class ? enumMap(plain, target, key) : make(plain, target, type);
        @SuppressWarnings("unchecked") // Only keys and values are put, as far as the declaration says.
        Map<@Nullable Object, @Nullable Object> map = (Map<@Nullable Object, @Nullable Object>) made;
        for (Map.Entry<?, ?> entry : plain.entrySet()) {
            Object convertedKey = converter.toKey(String.valueOf(entry.getKey()), key);
            Object converted = converter.convert(entry.getValue(), value);
            try {
                map.put(convertedKey, converted);
            } catch (NullPointerException
                    | ClassCastException
                    | IllegalArgumentException
                    | UnsupportedOperationException e) {
                throw MappingException.of(plain, target, e);
            }
        }
        return map;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // The class is only known at run time.
    private static Object noneOf(Object plain, Type target, Type element) {
        if (element instanceof Class<?> type && type.isEnum()) {
            return EnumSet.noneOf((Class) type);
        }
        throw MappingException.of(plain, target, null);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // The class is only known at run time.
    private static Object enumMap(Object plain, Type target, Type key) {
        if (key instanceof Class<?> type && type.isEnum()) {
            return new EnumMap((Class) type);
        }
        throw MappingException.of(plain, target, null);
    }
}
