package io.github.autodaemon.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final int DEPTH = 20;

    private static @Nullable Object parse(String text) throws IOException {
        return Json.parse(text, DEPTH);
    }

    private static String line(String text, boolean ascii) {
        return new String(Json.line(text, ascii), StandardCharsets.UTF_8);
    }

    @Test
    void aNumberKeepsItsValue() throws IOException {
        assertThat(parse("0")).isEqualTo(0L);
        assertThat(parse("9007199254740993")).isEqualTo(9007199254740993L);
        assertThat(parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(parse("-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(parse("9223372036854775808")).isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(parse("0.1")).isEqualTo(0.1);
        assertThat(parse("1e21")).isEqualTo(1e21);
        assertThat(parse("-0")).isEqualTo(-0.0);
        assertThat(parse("1e400")).isEqualTo(new BigDecimal("1e400"));
        assertThat(parse("0.1000000000000000055511151231257827"))
                .isEqualTo(new BigDecimal("0.1000000000000000055511151231257827"));
        assertThat(parse("0.30000000000000004")).isEqualTo(0.30000000000000004);
    }

    /** A reader that counts with an overflow takes what follows such digits for digits behind a zero. */
    @Test
    void aNumberThatBeginsWithAMultipleOfTwoToThe64IsRead() throws IOException {
        assertThat(parse("184467440737095516165")).isEqualTo(new BigInteger("184467440737095516165"));
        assertThat(parse("[-184467440737095516160.75e2, 368934881474191032320]"))
                .isEqualTo(
                        List.of(new BigDecimal("-18446744073709551616075"), new BigInteger("368934881474191032320")));
        assertThat(parse("{\"a \\\" 184467440737095516165\": [\"\\\\\", 184467440737095516165]}"))
                .isEqualTo(
                        Map.of("a \" 184467440737095516165", List.of("\\", new BigInteger("184467440737095516165"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "184467440737095516165 1",
                "184467440737095516165-5",
                "184467440737095516165.",
                "184467440737095516165e99999999999",
                "0184467440737095516165",
                "[00, 184467440737095516165]",
                "[184467440737095516165, \"",
                "[184467440737095516165, \"\\",
                "x184467440737095516165"
            })
    void whatIsNotJsonStaysThatWithSuchANumber(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class);
    }

    @Test
    void aNumberThatTakesTooLongToConvertIsRefused() throws IOException {
        assertThat(parse("1".repeat(1000))).isEqualTo(new BigInteger("1".repeat(1000)));
        assertThatThrownBy(() -> parse("1".repeat(1001)))
                .isInstanceOf(IOException.class)
                .hasMessage("malformed JSON at character 1002: a number of 1001 characters, the limit is 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{'a':1}",
                "{\"a\":1,}",
                "nul",
                "NaN",
                "Infinity",
                "01",
                "+1",
                ".5",
                "1.",
                "1e",
                "\"a",
                "\"\\x\"",
                "\"\n\"",
                "[1] 2",
                "{\"a\"}",
                "{a:1}",
                "// no\n1",
                "tRUE",
                "\"\\u12g4\""
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IOException.class);
    }

    @Test
    void aRefusalSaysWhereAndNotMore() {
        assertThatThrownBy(() -> parse("{oops"))
                .isInstanceOf(IOException.class)
                .hasMessage("malformed JSON at character 2: a name is missing");
    }

    @Test
    void nestingIsBounded() throws IOException {
        assertThat(parse("[".repeat(DEPTH) + "]".repeat(DEPTH))).isNotNull();
        assertThatThrownBy(() -> parse("[".repeat(DEPTH + 1) + "]".repeat(DEPTH + 1)))
                .isInstanceOf(IOException.class)
                .hasMessage("malformed JSON at character 21: nested more than 20 levels deep");
        assertThatThrownBy(() -> parse("{\"a\":".repeat(100_000))).isInstanceOf(IOException.class);
    }

    @Test
    void theLastOfTwoMembersWithOneNameCounts() throws IOException {
        assertThat(parse("{\"a\":1,\"b\":2,\"a\":3}")).isEqualTo(Map.of("a", 3L, "b", 2L));
    }

    @Test
    void orderAndOddNamesAreKept() throws IOException {
        Object value = parse("{\"b\":1,\"\":2,\"__proto__\":3,\"a\":4}");

        assertThat(Json.text(value)).isEqualTo("{\"b\":1,\"\":2,\"__proto__\":3,\"a\":4}");
    }

    @ParameterizedTest
    @CsvSource({"\\ud800, \\ud800", "x\\udc00y, x\\udc00y"})
    void anUnpairedSurrogateSurvives(String escaped, String written) throws IOException {
        Object text = parse("\"" + escaped + "\"");

        assertThat(line(Json.text(text), false)).isEqualTo("\"" + written + "\"\n");
    }

    @Test
    void asciiIsEscapedWhenAskedFor() {
        assertThat(line("\"a\u00e9\ud83d\ude00\u007f\"", true)).isEqualTo("\"a\\u00e9\\ud83d\\ude00\u007f\"\n");
        assertThat(line("\"a\u00e9\ud83d\ude00\"", false)).isEqualTo("\"a\u00e9\ud83d\ude00\"\n");
        assertThat(line("\"plain\"", true)).isEqualTo("\"plain\"\n");
    }

    @Test
    void aTextHasNoLineFeed() {
        assertThat(Json.text("a\nb\r\u2028\u0000")).isEqualTo("\"a\\nb\\r\\u2028\\u0000\"");
    }

    @Test
    void numbersThatJsonHasNotAreRefused() {
        assertThatThrownBy(() -> Json.text(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NaN cannot be carried: JSON has no such number");
        assertThatThrownBy(() -> Json.text(Float.NEGATIVE_INFINITY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Infinity cannot be carried: JSON has no such number");
    }

    @Test
    void aValueThatContainsItselfIsRefused() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        assertThatThrownBy(() -> Json.text(circle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the value is nested more than 500 levels deep; does it contain itself?");
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        long seed = 4711;
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            Object value = value(random, 5);
            String text = Json.text(value);
            assertThat(parse(text))
                    .as("seed %d, document %d: %s", seed, i, text)
                    .isEqualTo(value);
            byte[] line = Json.line(text, random.nextBoolean());
            assertThat(parse(new String(line, 0, line.length - 1, StandardCharsets.UTF_8)))
                    .as("seed %d, line %d", seed, i)
                    .isEqualTo(value);
        }
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> new BigInteger(70 + random.nextInt(100), random).setBit(69);
            case 4 -> {
                double number = Double.longBitsToDouble(random.nextLong());
                yield Double.isNaN(number) || Double.isInfinite(number) ? 0.5 : number;
            }
            case 5, 6 -> text(random);
            case 7 -> {
                @Nullable Object[] items = new @Nullable Object[random.nextInt(5)];
                Arrays.setAll(items, i -> value(random, depth - 1));
                yield Arrays.asList(items);
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put("k" + random.nextInt(100), value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        char[] text = new char[random.nextInt(12)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000);
        }
        return new String(text);
    }
}
