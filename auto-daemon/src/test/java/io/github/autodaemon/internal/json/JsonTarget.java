package io.github.autodaemon.internal.json;

import io.github.autodaemon.fuzz.Grammar;
import io.github.autodaemon.fuzz.Input;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Response;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any text as JSON and as every kind of type: a value or the exception that is documented. What was read and is written
 * is the same text for ever after. An input is the depth that is allowed, a choice, and a text or decisions about one.
 */
public final class JsonTarget {
    /** A thousand characters, which may be written with a sign, a point and an exponent that were not read. */
    private static final int MAX_NUMBER = 1020;

    private JsonTarget() {}

    record Line(
            int from,
            @Nullable String text,
            @Nullable Duration time,
            @Nullable Instant at,
            @Nullable Path path) {}

    record Tree(@Nullable List<Tree> children, @Nullable Map<String, Line> lines) {}

    /** Types that a method of a service may have. */
    @SuppressWarnings("unused")
    interface Types {
        boolean yes();

        char character();

        byte tiny();

        short small();

        int number();

        long large();

        float single();

        double real();

        Integer perhaps();

        BigInteger whole();

        BigDecimal exact();

        Number any();

        String text();

        CharSequence characters();

        DayOfWeek day();

        byte[] bytes();

        int[][] table();

        List<String>[] lists();

        Path path();

        Duration time();

        Instant at();

        Object object();

        Line line();

        Tree tree();

        List<Line> lines();

        Set<Long> set();

        Collection<? extends Number> numbers();

        Map<Integer, DayOfWeek> days();

        Map<DayOfWeek, Optional<Duration>> ofDays();

        Optional<Path> where();
    }

    private static final List<Type> TYPES = Stream.of(Types.class.getMethods())
            .sorted(Comparator.comparing(Method::getName))
            .map(Method::getGenericReturnType)
            .toList();

    /** One input. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        Input input = new Input(bytes);
        int depth = 1 + input.below(200);
        boolean free = input.below(2) == 0;
        String text = free ? new String(input.rest(), StandardCharsets.UTF_8) : Grammar.value(input);
        Object value;
        try {
            value = Json.parse(text, depth);
        } catch (IOException e) {
            check(e.getMessage() != null, "no message");
            return;
        }
        check(levels(value) <= depth, "deeper than " + depth);
        check(nodes(value) <= text.length(), "more values than characters");
        String written = Json.text(value);
        check(written.equals(Json.text(parsed(written, depth))), "does not last: " + written);
        byte[] line = Json.line(written, true);
        check(line[line.length - 1] == '\n', "no line");
        for (byte b : line) {
            check(b >= 0, "not ASCII");
        }
        for (Type type : TYPES) {
            convert(value, type);
        }
        if (value instanceof List<?> list) {
            hello(Hello.parse(new ArrayList<>(list)));
            Response.of(new ArrayList<>(list), depth % 2 == 0);
        }
        hello(Hello.written(text));
        check(Hello.pid(text) == 0 || value instanceof Map<?, ?>, "a process out of nothing");
    }

    private static @Nullable Object parsed(String text, int depth) {
        try {
            return Json.parse(text, depth);
        } catch (IOException e) {
            throw new AssertionError("what was written cannot be read: " + text, e);
        }
    }

    private static void convert(@Nullable Object value, Type type) {
        Object converted;
        try {
            converted = Values.PLAIN.convert(value, type);
        } catch (IllegalArgumentException e) {
            check(e.getMessage() != null, "no message");
            return;
        }
        try {
            Json.text(converted);
        } catch (IllegalArgumentException e) {
            // A number can be too large for its type, and infinite then, which JSON has not.
            check(String.valueOf(e.getMessage()).contains("cannot be carried"), String.valueOf(e.getMessage()));
        }
    }

    private static void hello(@Nullable Hello hello) {
        if (hello != null) {
            check(hello.pid() == 0 || hello.fields().containsKey("pid"), "a process out of nothing");
            check(hello.started() == 0 || hello.fields().containsKey("started"), "a time out of nothing");
            check(!hello.isProbe() || !hello.isForeground() || hello.text("role") != null, "no role");
        }
    }

    private static int levels(@Nullable Object value) {
        int deepest = 0;
        for (Object child : children(value)) {
            deepest = Math.max(deepest, levels(child));
        }
        return value instanceof List<?> || value instanceof Map<?, ?> ? deepest + 1 : 0;
    }

    private static int nodes(@Nullable Object value) {
        int all = 1;
        for (Object child : children(value)) {
            all += nodes(child);
        }
        check(!(value instanceof Number number) || number.toString().length() <= MAX_NUMBER, "a long number");
        return all;
    }

    private static Collection<?> children(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map.values() : value instanceof List<?> list ? list : List.of();
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
