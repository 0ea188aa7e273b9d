package io.github.autodaemon.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short cut says what the long way says, or nothing. */
class CompactJsonTest {
    private static final int DEPTH = 5;

    private static final String[] PIECES = {
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"b\":",
        "null",
        "true",
        "false",
        "nul",
        "0",
        "-0",
        "1",
        "-7",
        "01",
        "1.5",
        "1e3",
        "123456789012345678",
        "1234567890123456789",
        " ",
        "\n",
        "\\",
        "\\n",
        "\u00e9",
        "\ud83d",
        "-",
        "[1,2]",
        "{}"
    };

    private static void agree(String text) {
        Object compact = CompactJson.read(text, DEPTH);
        if (compact != CompactJson.UNUSUAL) {
            try {
                assertThat(compact).as(text).isEqualTo(Json.parseAny(text, DEPTH));
            } catch (IOException e) {
                throw new AssertionError("the long way refuses " + text, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"add\",[1,-2,null,true,false,\"x\"],17]",
                "[null,{\"a\":[{\"b\":{}}],\"c\":0}]",
                "[[[[[]]]]]",
                "\"\"",
                "-999999999999999999",
                "null"
            })
    void whatIsUsualIsRead(String text) throws IOException {
        Object read = CompactJson.read(text, DEPTH);
        assertThat(read).isNotSameAs(CompactJson.UNUSUAL).isEqualTo(Json.parseAny(text, DEPTH));
        StringBuilder written = new StringBuilder();
        assertThat(CompactJson.write(written, read, DEPTH)).isTrue();
        assertThat(written).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1",
                "1 ",
                "[1,]",
                "[,1]",
                "[1",
                "[1}",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "{\"a\":1,}",
                "01",
                "-0",
                "-",
                "1.0",
                "1e1",
                "+1",
                "1x",
                "nul",
                "nullx",
                "\"a",
                "\"\\u0041\"",
                "\"\u0001\"",
                "[[[[[[]]]]]]",
                "1234567890123456789",
                "[1][2]",
                "]",
                "'a'"
            })
    void whatIsNotIsLeftToTheOther(String text) {
        assertThat(CompactJson.read(text, DEPTH)).isSameAs(CompactJson.UNUSUAL);
    }

    @Test
    void anyTextIsReadAlike() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            int count = 1 + random.nextInt(9);
            for (int k = 0; k < count; k++) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            agree(text.toString());
            agree("[" + text + "]");
        }
    }

    @Test
    void anyValueIsWrittenAlike() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            Object value = value(random, 4);
            assertThat(Json.text(value)).isEqualTo(Json.textOfAny(value));
        }
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> random.nextInt(4) == 0 ? (Object) random.nextDouble() : (short) random.nextInt();
            case 5 -> PIECES[random.nextInt(PIECES.length)];
            case 6 -> random.nextInt(4) == 0 ? "\u2028" : "text";
            case 7 -> {
                @Nullable Object[] items = new Object[random.nextInt(4)];
                Arrays.setAll(items, k -> value(random, depth - 1));
                yield new ArrayList<>(Arrays.asList(items));
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int k = random.nextInt(4); k > 0; k--) {
                    map.put(PIECES[random.nextInt(PIECES.length)], value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    @Test
    void whatContainsItselfIsLeftToTheOther() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        list.add(list);
        assertThat(CompactJson.write(new StringBuilder(), list, DEPTH)).isFalse();
    }
}
