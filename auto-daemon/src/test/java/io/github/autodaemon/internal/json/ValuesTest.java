package io.github.autodaemon.internal.json;

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
    private static final String DAYS =
            "java.time.DayOfWeek; there are: MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY";

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
            return Values.PLAIN.convert(Json.parse(json, 20), type);
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
    void records() {
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
        misfit("\"SOMEDAY\"", DayOfWeek.class, "\"SOMEDAY\" is no " + DAYS);
        misfit("\"soon\"", Duration.class, "\"soon\" is no java.time.Duration");
        misfit("\"never\"", Instant.class, "\"never\" is no java.time.Instant");
        misfit("\"*\"", byte[].class, "\"*\" is no byte[]");
        misfit("{\"a\":1}", int[].class, "{\"a\":1} is no int[]");
        misfit("[1,\"b\"]", int[].class, "\"b\" is no int");
        misfit("[1,\"b\"]", type("integers"), "\"b\" is no java.lang.Integer");
        misfit("{\"a\":1}", type("integers"), "{\"a\":1} is no java.util.List<java.lang.Integer>");
        misfit("[1]", Map.class, "[1] is no java.util.Map");
        misfit("[1]", Point.class, "[1] is no " + Point.class.getName());
        misfit("{\"x\":\"one\"}", Point.class, "\"one\" is no int (in Point.x)");
        misfit("\"" + "x".repeat(100) + "\"", int.class, "\"" + "x".repeat(76) + "... is no int");
    }

    @Test
    void aTimeInsideOfARecordThatIsNoneIsAMisfit() {
        misfit("{\"length\":\"soon\"}", Span.class, "\"soon\" is no java.time.Duration (in Span.length)");
        misfit("{\"from\":\"never\"}", Span.class, "\"never\" is no java.time.Instant (in Span.from)");
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

    record Order(
            Optional<Point> place,
            DayOfWeek day,
            long number,
            @Nullable Object more) {}

    static final class Checked {
        int size;

        Checked() {}
    }

    record Positive(int n) {
        Positive {
            if (n < 0) {
                throw new IllegalStateException(n + " is negative");
            }
        }
    }

    /** Iterable as it is, it stays a record. */
    record Numbers(List<Integer> all) implements Iterable<Integer> {
        @Override
        public java.util.Iterator<Integer> iterator() {
            return all.iterator();
        }
    }

    @Test
    void recordsInRecords() {
        bothWays(
                "{\"place\":{\"x\":1,\"name\":null},\"day\":\"MONDAY\",\"number\":9007199254740993,\"more\":[9007199254740993]}",
                new Order(Optional.of(new Point(1, null)), DayOfWeek.MONDAY, (1L << 53) + 1, List.of((1L << 53) + 1)),
                Order.class);
        assertThat(read("{\"number\":1}", Order.class)).isEqualTo(new Order(Optional.empty(), nothing(), 1, null));
        bothWays("{\"all\":[1]}", new Numbers(List.of(1)), Numbers.class);
        misfit("{\"day\":\"MON\",\"number\":1}", Order.class, "\"MON\" is no " + DAYS + " (in Order.day)");
        misfit("{\"number\":\"1\"}", Order.class, "\"1\" is no long (in Order.number)");
        misfit("{\"number\":null}", Order.class, "null is no long (in Order.number)");
        misfit("{}", Order.class, "{} is no " + Order.class.getName() + ": number is missing");
        misfit(
                "{\"place\":{},\"number\":1}",
                Order.class,
                "{} is no " + Point.class.getName() + ": x is missing (in Order.place)");
        misfit("{\"n\":-1}", Positive.class, "{\"n\":-1} is no " + Positive.class.getName() + ": -1 is negative");
        misfit("{\"size\":\"1\"}", Checked.class, "\"1\" is no int");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // A component that was not there.
    private static <T> T nothing() {
        return null;
    }

    @Test
    void numbersKeepTheirValueOrAreRefused() {
        bothWays("1E-400", new BigDecimal("1E-400"), BigDecimal.class);
        bothWays("1.23E-320", new BigDecimal("1.23E-320"), BigDecimal.class);
        bothWays("-0.0", -0.0, double.class);
        misfit("1e400", double.class, "1E+400 is no double");
        misfit("1e39", float.class, "1.0E39 is no float");
        misfit("1e2147483647", BigInteger.class, "1E+2147483647 is no java.math.BigInteger");
        String limit = "a number of more than 1000 characters cannot be carried";
        assertThatThrownBy(() -> Json.text(BigInteger.TWO.pow(3330))).hasMessage(limit);
        assertThatThrownBy(() -> Json.text(BigInteger.ONE.shiftLeft(100_000_000)))
                .hasMessage(limit);
        assertThat(read(Json.text(BigInteger.TEN.pow(999)), BigInteger.class)).isEqualTo(BigInteger.TEN.pow(999));
        // Digits that begin with a multiple of 2^64.
        bothWays("184467440737095516165", new BigInteger("184467440737095516165"), BigInteger.class);
        bothWays("-184467440737095516160.7", new BigDecimal("-184467440737095516160.7"), BigDecimal.class);
        bothWays("18446744073709551616", BigInteger.ONE.shiftLeft(64), BigInteger.class);
        String nan = "NaN cannot be carried: JSON has no such number";
        assertThatThrownBy(() -> Json.text(Map.of(Double.NaN, 1))).hasMessage(nan);
        assertThatThrownBy(() -> Json.text(Optional.of(Double.NaN))).hasMessage(nan);
        assertThatThrownBy(() -> Json.text(new Order(Optional.empty(), DayOfWeek.MONDAY, 1, Float.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(nan + " (in Order.more)");
    }

    @Test
    void whatIsNoDataIsRefused() throws Exception {
        assertThatThrownBy(() -> Json.text(Map.of(new Point(1, ""), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a map with a key of " + Point.class.getName() + " cannot be carried");
        assertThatThrownBy(() -> Json.text(List.of(java.time.LocalDate.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a value of java.time.LocalDate cannot be carried: it is not data");
        Path zip = java.nio.file.Files.createTempFile("ad", ".zip");
        java.nio.file.Files.delete(zip);
        try (java.nio.file.FileSystem files = java.nio.file.FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            assertThatThrownBy(() -> Json.text(files.getPath("/a")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("/a cannot be carried: it is a path in another file system, ");
        }
        java.nio.file.Files.deleteIfExists(zip);
    }
}
