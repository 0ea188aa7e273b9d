package io.github.autodaemon.internal.json;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Random types of every kind that is carried, and random values of them. */
final class RandomValues {
    private RandomValues() {}

    record Pair<A, B>(@Nullable A first, @Nullable B second) {}

    record Tree<T>(@Nullable T value, List<Tree<T>> children, Map<String, Optional<Tree<T>>> named) {}

    @SuppressWarnings("ArrayRecordComponent") // To be carried; compared below.
    record Flat(int i, long l, double d, boolean b, char c, DayOfWeek e, byte[] bytes, OptionalInt o, Object any) {}

    /** Goes through Gson. */
    static class Box {
        int number;

        @Nullable
        Object any;

        @Nullable
        Box inside;

        List<Pair<Box, Optional<Instant>>> more = new ArrayList<>();

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Box box
                    && number == box.number
                    && same(any, box.any)
                    && same(inside, box.inside)
                    && same(more, box.more);
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    /** A generic class with its arguments. */
    record Of(Class<?> raw, List<Type> arguments) implements ParameterizedType {
        static Of of(Class<?> raw, Type... arguments) {
            return new Of(raw, List.of(arguments));
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(new Type[0]);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }
    }

    private static final List<Class<?>> KEYS = List.of(
            String.class,
            Integer.class,
            Long.class,
            Short.class,
            Byte.class,
            Double.class,
            Float.class,
            BigInteger.class,
            BigDecimal.class,
            Boolean.class,
            Character.class,
            DayOfWeek.class,
            Path.class,
            Duration.class,
            Instant.class,
            UUID.class,
            URI.class);

    private static final List<Class<?>> OTHERS = List.of(
            int.class,
            long.class,
            short.class,
            byte.class,
            double.class,
            float.class,
            boolean.class,
            char.class,
            byte[].class,
            int[].class,
            char[].class,
            Number.class,
            Object.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class,
            Flat.class,
            Box.class);

    static Type type(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 2)) {
            case 0 -> KEYS.get(random.nextInt(KEYS.size()));
            case 1 -> OTHERS.get(random.nextInt(OTHERS.size()));
            case 2 -> Of.of(List.class, boxed(random, depth));
            case 3 -> Of.of(random.nextBoolean() ? Set.class : SortedSet.class, KEYS.get(random.nextInt(7)));
            case 4 -> Of.of(Map.class, KEYS.get(random.nextInt(KEYS.size())), boxed(random, depth));
            case 5 -> Of.of(SortedMap.class, KEYS.get(random.nextInt(8)), boxed(random, depth));
            case 6 -> optional(boxed(random, depth));
            case 7 -> Of.of(Pair.class, boxed(random, depth), boxed(random, depth));
            case 8 -> Of.of(Tree.class, boxed(random, depth));
            case 9 -> Types.raw(boxed(random, 0)).arrayType();
            case 10 -> Of.of(EnumMap.class, DayOfWeek.class, boxed(random, depth));
            default -> Of.of(EnumSet.class, DayOfWeek.class);
        };
    }

    private static Type optional(Type content) {
        return Types.raw(content).getSimpleName().startsWith("Optional") ? content : Of.of(Optional.class, content);
    }

    private static Type boxed(Random random, int depth) {
        Type type = type(random, depth - 1);
        return type instanceof Class<?> raw && raw.isPrimitive() ? Integer.class : type;
    }

    static @Nullable Object value(Random random, Type type, int depth) {
        Class<?> raw = Types.raw(type);
        Type[] of = type instanceof ParameterizedType generic ? generic.getActualTypeArguments() : new Type[0];
        int size = depth > 0 ? random.nextInt(4) : 0;
        if (raw == Optional.class) {
            return Optional.ofNullable(depth > 0 ? value(random, of[0], depth - 1) : null);
        }
        if (Collection.class.isAssignableFrom(raw)) {
            Collection<@Nullable Object> all =
                    raw == List.class ? new ArrayList<>() : raw == Set.class ? new LinkedHashSet<>() : new TreeSet<>();
            for (int i = 0; i < size; i++) {
                Object item = value(random, raw == EnumSet.class ? DayOfWeek.class : of[0], depth - 1);
                all.add(raw == List.class && random.nextInt(5) == 0 ? nothing(of[0]) : item);
            }
            return raw == EnumSet.class ? enums(all) : all;
        }
        if (Map.class.isAssignableFrom(raw)) {
            Map<@Nullable Object, @Nullable Object> map = raw == Map.class ? new LinkedHashMap<>() : new TreeMap<>();
            for (int i = 0; i < size; i++) {
                map.put(value(random, of[0], 0), value(random, of[1], depth - 1));
            }
            return map;
        }
        if (raw == Pair.class) {
            Object second = value(random, of[1], depth - 1);
            return new Pair<>(value(random, of[0], depth - 1), second);
        }
        if (raw == Tree.class) {
            List<Tree<Object>> children = new ArrayList<>();
            Map<String, Optional<Tree<Object>>> named = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                Tree<Object> child = tree(random, type, depth - 1);
                children.add(child);
                named.put(text(random), random.nextBoolean() ? Optional.of(child) : Optional.empty());
            }
            return new Tree<>(value(random, of[0], depth - 1), children, named);
        }
        if (raw.isArray() && raw != byte[].class) {
            Object array = Array.newInstance(raw.getComponentType(), size);
            for (int i = 0; i < size; i++) {
                Array.set(array, i, value(random, raw.getComponentType(), depth - 1));
            }
            return array;
        }
        return scalar(random, raw, depth);
    }

    @SuppressWarnings("unchecked") // That is what a tree of this type is.
    private static Tree<Object> tree(Random random, Type type, int depth) {
        return (Tree<Object>) Objects.requireNonNull(value(random, type, depth));
    }

    private static Object enums(Collection<?> all) {
        EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        all.forEach(day -> days.add((DayOfWeek) Objects.requireNonNull(day)));
        return days;
    }

    private static @Nullable Object nothing(Type type) {
        Object none = Values.PLAIN.convert(null, type);
        return none instanceof Optional ? Optional.empty() : none;
    }

    private static Object scalar(Random random, Class<?> type, int depth) {
        if (type == int.class || type == Integer.class) {
            return random.nextInt() >> random.nextInt(32);
        } else if (type == long.class || type == Long.class) {
            return random.nextLong() >> random.nextInt(64);
        } else if (type == short.class || type == Short.class) {
            return (short) random.nextInt();
        } else if (type == byte.class || type == Byte.class) {
            return (byte) random.nextInt();
        } else if (type == double.class || type == Double.class) {
            return number(random);
        } else if (type == float.class || type == Float.class) {
            float value = Float.intBitsToFloat(random.nextInt());
            return Float.isFinite(value) ? value : -0.0f;
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == char.class || type == Character.class) {
            return (char) random.nextInt(0x10000);
        } else if (type == String.class) {
            return text(random);
        } else if (type == BigInteger.class) {
            return new BigInteger(random.nextInt(300), random).negate();
        } else if (type == BigDecimal.class) {
            int scale = random.nextBoolean() ? random.nextInt(10) : random.nextInt();
            return new BigDecimal(new BigInteger(random.nextInt(200), random), scale / 2);
        } else if (type == Number.class) {
            return random.nextLong();
        } else if (type == DayOfWeek.class) {
            return DayOfWeek.of(1 + random.nextInt(7));
        } else if (type == Path.class) {
            return Path.of("/" + Long.toString(random.nextLong(), 36), "a b");
        } else if (type == Duration.class) {
            return Duration.ofSeconds(random.nextLong() >> 2, random.nextInt(1_000_000_000));
        } else if (type == Instant.class) {
            return Instant.ofEpochSecond(random.nextLong() >> 16, random.nextInt(1_000_000_000));
        } else if (type == UUID.class) {
            return new UUID(random.nextLong(), random.nextLong());
        } else if (type == URI.class) {
            return URI.create("http://h/" + random.nextInt() + "?q=%20");
        } else if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return bytes;
        } else if (type == OptionalInt.class) {
            return random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
        } else if (type == OptionalLong.class) {
            return random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty();
        } else if (type == OptionalDouble.class) {
            return random.nextBoolean() ? OptionalDouble.of(number(random)) : OptionalDouble.empty();
        } else if (type == Object.class) {
            return depth > 0 && random.nextBoolean()
                    ? List.of(random.nextLong(), Map.of("a", text(random)))
                    : text(random);
        } else if (type == Flat.class) {
            return new Flat(
                    random.nextInt(),
                    random.nextLong(),
                    number(random),
                    random.nextBoolean(),
                    'x',
                    DayOfWeek.FRIDAY,
                    new byte[] {1},
                    OptionalInt.of(5),
                    Map.of("large", Long.MAX_VALUE - 1));
        } else if (type == Box.class) {
            return box(random, depth);
        }
        throw new IllegalArgumentException(type.getName());
    }

    private static Box box(Random random, int depth) {
        Box box = new Box();
        box.number = random.nextInt();
        box.any = random.nextBoolean() ? null : List.of(random.nextLong() | 1L << 60, "x");
        box.inside = depth > 0 ? box(random, depth - 1) : null;
        if (depth > 0) {
            box.more.add(new Pair<>(box(random, depth - 2), Optional.of(Instant.EPOCH)));
            box.more.add(new Pair<>(box(random, 0), null));
            box.more.set(1, new Pair<>(box(random, 0), Optional.empty()));
        }
        return box;
    }

    private static double number(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return random.nextInt(10) == 0 ? -0.0 : Double.isFinite(value) ? value : 0.1;
    }

    static String text(Random random) {
        char[] text = new char[random.nextInt(8)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000);
        }
        return new String(text);
    }

    /** Equal, but for the scale of a decimal, and with arrays compared by what is in them. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == b;
        }
        if (a instanceof BigDecimal one && b instanceof BigDecimal other) {
            return one.compareTo(other) == 0;
        }
        if (a.getClass().isArray() && b.getClass() == a.getClass()) {
            boolean same = Array.getLength(a) == Array.getLength(b);
            for (int i = 0; same && i < Array.getLength(a); i++) {
                same = same(Array.get(a, i), Array.get(b, i));
            }
            return same;
        }
        if (a instanceof Optional<?> one && b instanceof Optional<?> other) {
            return same(one.orElse(null), other.orElse(null));
        }
        if (a instanceof Set<?>) {
            return a.equals(b);
        }
        if (a instanceof List<?> one && b instanceof List<?> other) {
            return sameItems(one, other);
        }
        if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
            return sameItems(one.keySet(), other.keySet()) && sameItems(one.values(), other.values());
        }
        if (a instanceof Record && a.getClass() == b.getClass()) {
            boolean same = true;
            for (RecordComponent component : a.getClass().getRecordComponents()) {
                same &= same(component(component, a), component(component, b));
            }
            return same;
        }
        return a.equals(b);
    }

    private static boolean sameItems(Collection<?> a, Collection<?> b) {
        Iterator<?> others = b.iterator();
        boolean same = a.size() == b.size();
        for (Object one : a) {
            same = same && same(one, others.next());
        }
        return same;
    }

    private static @Nullable Object component(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
