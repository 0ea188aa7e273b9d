package io.github.autodaemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValuesTest {
    record Point(int x, @Nullable String name) {}

    record Span(@Nullable Duration length, @Nullable Instant from) {}

    /** Types that only a declaration can give. */
    @SuppressWarnings("unused")
    interface Types {
        List<Integer> integers();

        Set<String> strings();

        Collection<? extends Number> numbers();

        Map<String, List<Long>> lists();

        Map<Integer, DayOfWeek> days();

        Map<DayOfWeek, Integer> ofDays();

        Optional<Duration> perhaps();

        List<String>[] array();

        List<Point> points();
    }

    private static Type type(String name) {
        return Arrays.stream(Types.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findAny()
                .orElseThrow()
                .getGenericReturnType();
    }

    private static @Nullable Object read(String json, Type type) {
        try {
            return Values.convert(Json.parse(json, 20), type);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void bothWays(String json, Object value, Type type) {
        assertThat(Json.text(value)).isEqualTo(json);
        assertThat(read(json, type)).isEqualTo(value);
    }

    private static void misfit(String json, Type type, String message) {
        assertThatThrownBy(() -> read(json, type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void numbers() {
        bothWays("5", 5, int.class);
        bothWays("-5", -5, Integer.class);
        bothWays("9223372036854775807", Long.MAX_VALUE, long.class);
        bothWays("7", (short) 7, short.class);
        bothWays("-128", (byte) -128, byte.class);
        bothWays("0.1", 0.1, double.class);
        bothWays("0.1", 0.1f, float.class);
        bothWays("1.0E300", 1e300, Double.class);
        bothWays("123456789012345678901234567890", new BigInteger("123456789012345678901234567890"), BigInteger.class);
        bothWays("0.10000000000000000001", new BigDecimal("0.10000000000000000001"), BigDecimal.class);
        assertThat(read("5.0", int.class)).isEqualTo(5);
        assertThat(read("1e3", long.class)).isEqualTo(1000L);
        assertThat(read("5", double.class)).isEqualTo(5.0);
        assertThat(read("5", Number.class)).isEqualTo(5L);
    }

    @Test
    void texts() {
        bothWays("\"a\\\"b\"", "a\"b", String.class);
        bothWays("\"x\"", 'x', char.class);
        bothWays("\"x\"", 'x', Character.class);
        bothWays("\"FRIDAY\"", DayOfWeek.FRIDAY, DayOfWeek.class);
        bothWays("\"PT1M30S\"", Duration.ofSeconds(90), Duration.class);
        bothWays("\"1970-01-01T00:00:01Z\"", Instant.ofEpochSecond(1), Instant.class);
        bothWays("\"/a/b\"", Path.of("/a/b"), Path.class);
        bothWays("\"AAH/\"", new byte[] {0, 1, -1}, byte[].class);
        assertThat(Json.text(java.nio.CharBuffer.wrap("built"))).isEqualTo("\"built\"");
        assertThat(read("\"text\"", CharSequence.class)).isEqualTo("text");
    }

    @Test
    void truthAndNothing() {
        bothWays("true", true, boolean.class);
        bothWays("false", false, Boolean.class);
        bothWays("null", Optional.empty(), Optional.class);
        assertThat(Json.text(null)).isEqualTo("null");
        assertThat(read("null", String.class)).isNull();
        assertThat(read("5", void.class)).isNull();
        assertThat(read("[1,{\"a\":null}]", Object.class)).isEqualTo(read("[1,{\"a\":null}]", List.class));
    }

    @Test
    void collections() {
        bothWays("[1,2]", List.of(1, 2), type("integers"));
        bothWays("[\"a\"]", Set.of("a"), type("strings"));
        bothWays("{\"a\":[1,2]}", Map.of("a", List.of(1L, 2L)), type("lists"));
        bothWays("{\"3\":\"MONDAY\"}", Map.of(3, DayOfWeek.MONDAY), type("days"));
        bothWays("{\"MONDAY\":3}", Map.of(DayOfWeek.MONDAY, 3), type("ofDays"));
        bothWays("\"PT1S\"", Optional.of(Duration.ofSeconds(1)), type("perhaps"));
        bothWays("[1,2]", new int[] {1, 2}, int[].class);
        bothWays("[[1],[]]", new long[][] {{1}, {}}, long[][].class);
        bothWays("[\"a\",null]", new @Nullable String[] {"a", null}, String[].class);
        assertThat(read("[1,2.5]", type("numbers"))).isEqualTo(List.of(1L, 2.5));
        assertThat(read("null", type("perhaps"))).isEqualTo(Optional.empty());
        assertThat((Object[]) read("[[\"a\"],[]]", type("array"))).containsExactly(List.of("a"), List.of());
        assertThat(Json.text(new ArrayDeque<>(List.of(1)))).isEqualTo("[1]");
        assertThat(read("[1]", Set.class)).isEqualTo(Set.of(1L));
        assertThat(read("[1]", Collection.class)).isEqualTo(List.of(1L));
        assertThat(read("{\"a\":1}", Map.class)).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void recordsGoThroughGson() {
        bothWays("{\"x\":1,\"name\":\"one\"}", new Point(1, "one"), Point.class);
        bothWays("{\"x\":2,\"name\":null}", new Point(2, null), Point.class);
        bothWays("[{\"x\":3,\"name\":\"<&>\"}]", List.of(new Point(3, "<&>")), type("points"));
        assertThat(read("{\"x\":4,\"more\":5}", Point.class)).isEqualTo(new Point(4, null));
    }

    @Test
    void misfits() {
        misfit("null", int.class, "null is no int");
        misfit("\"five\"", int.class, "\"five\" is no int");
        misfit("2147483648", int.class, "2147483648 is no int");
        misfit("0.5", long.class, "0.5 is no long");
        misfit("1e19", long.class, "1.0E19 is no long");
        misfit("32768", short.class, "32768 is no short");
        misfit("-129", Byte.class, "-129 is no java.lang.Byte");
        misfit("0.5", BigInteger.class, "0.5 is no java.math.BigInteger");
        misfit("1e1000000", BigInteger.class, "1E+1000000 is no java.math.BigInteger");
        misfit("1", boolean.class, "1 is no boolean");
        misfit("5", String.class, "5 is no java.lang.String");
        misfit("\"xy\"", char.class, "\"xy\" is no char");
        misfit("\"SOMEDAY\"", DayOfWeek.class, "\"SOMEDAY\" is no java.time.DayOfWeek");
        misfit("\"soon\"", Duration.class, "\"soon\" is no java.time.Duration");
        misfit("\"never\"", Instant.class, "\"never\" is no java.time.Instant");
        misfit("\"*\"", byte[].class, "\"*\" is no byte[]");
        misfit("{\"a\":1}", int[].class, "{\"a\":1} is no int[]");
        misfit("[1,\"b\"]", int[].class, "\"b\" is no int");
        misfit("[1,\"b\"]", type("integers"), "\"b\" is no java.lang.Integer");
        misfit("{\"a\":1}", type("integers"), "{\"a\":1} is no java.util.List<java.lang.Integer>");
        misfit("[1]", Map.class, "[1] is no java.util.Map");
        misfit("[1]", Point.class, "[1] is no " + Point.class.getName());
        misfit("{\"x\":\"one\"}", Point.class, "{\"x\":\"one\"} is no " + Point.class.getName());
        misfit("\"" + "x".repeat(100) + "\"", int.class, "\"" + "x".repeat(76) + "... is no int");
    }

    @Test
    void aTimeInsideOfARecordThatIsNoneIsAMisfit() {
        misfit("{\"length\":\"soon\"}", Span.class, "{\"length\":\"soon\"} is no " + Span.class.getName());
        misfit("{\"from\":\"never\"}", Span.class, "{\"from\":\"never\"} is no " + Span.class.getName());
    }

    @Test
    void aKeyThatIsNoNumberIsAMisfit() {
        misfit("{\"a\":\"MONDAY\"}", type("days"), "\"a\" is no java.lang.Integer");
        misfit("{\"\":\"MONDAY\"}", type("days"), "\"\" is no java.lang.Integer");
        misfit("{\"2147483648\":\"MONDAY\"}", type("days"), "2147483648 is no java.lang.Integer");
        String digits = "1".repeat(1_000_000);
        misfit("{\"" + digits + "\":\"MONDAY\"}", type("days"), "\"" + "1".repeat(76) + "... is no java.lang.Integer");
    }

    @Test
    void whatCannotBeCarried() {
        List<@Nullable Object> holder = new ArrayList<>();
        holder.add(Map.of(DayOfWeek.MONDAY, Double.POSITIVE_INFINITY));
        assertThatThrownBy(() -> Json.text(holder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Infinity cannot be carried: JSON has no such number");
        java.util.HashMap<@Nullable String, Integer> odd = new java.util.HashMap<>();
        odd.put(null, 1);
        assertThatThrownBy(() -> Json.text(odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a map with a null key cannot be carried");
        assertThatThrownBy(() -> Json.text(String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a value of java.lang.Class cannot be carried: ");
    }
}
