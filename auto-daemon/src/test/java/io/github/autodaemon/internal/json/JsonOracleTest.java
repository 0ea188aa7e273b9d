package io.github.autodaemon.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Text that is nearly JSON, and values: Gson's strict reader and its writer say the same. */
class JsonOracleTest {
    private static final int DEPTH = 5;
    private static final int TEXTS = 60_000;
    private static final int VALUES = 20_000;

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
        "1E+2",
        "0.1e-3",
        ".",
        "e",
        "+",
        "-",
        " ",
        "\n",
        "\t",
        "\\",
        "\\n",
        "\\u00e9",
        "\\uD83d",
        "\\/",
        "\\x",
        "\u00e9",
        "\ud83d",
        "\u0001",
        "'",
        "/",
        "[1,2]",
        "{}"
    };

    /** In the place of a value: it is no document. */
    private static final Object NONE = new Object();

    private static @Nullable Object oracle(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEPTH);
        try {
            Object value = read(reader);
            return reader.peek() == JsonToken.END_DOCUMENT ? value : NONE;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            return NONE;
        }
    }

    private static @Nullable Object read(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    list.add(read(reader));
                }
                reader.endArray();
                return list;
            }
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    map.put(reader.nextName(), read(reader));
                }
                reader.endObject();
                return map;
            }
            case STRING -> {
                return reader.nextString();
            }
            case NUMBER -> {
                // What a number is worth is JsonTest's.
                String number = reader.nextString();
                // One whose exponent is out of range is refused.
                BigDecimal exact = new BigDecimal(number);
                return exact.signum() == 0 && number.startsWith("-") ? "number -0.0" : "number " + exact.doubleValue();
            }
            case BOOLEAN -> {
                return reader.nextBoolean();
            }
            case NULL -> {
                reader.nextNull();
                return null;
            }
            default -> throw new IllegalStateException(reader.peek().name());
        }
    }

    private static @Nullable Object parsed(String text) {
        try {
            return withoutNumbers(Json.parse(text, DEPTH));
        } catch (IOException e) {
            return NONE;
        }
    }

    private static @Nullable Object withoutNumbers(@Nullable Object value) {
        if (value instanceof Number number) {
            return "number " + number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(item -> all.add(withoutNumbers(item)));
            return all;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> all = new LinkedHashMap<>();
            map.forEach((name, member) -> all.put(name, withoutNumbers(member)));
            return all;
        }
        return value;
    }

    @Test
    void anyTextIsReadAlike() {
        Random random = new Random(1);
        int documents = 0;
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder pieces = new StringBuilder();
            for (int k = 1 + random.nextInt(9); k > 0; k--) {
                pieces.append(PIECES[random.nextInt(PIECES.length)]);
            }
            for (String text : List.of(pieces.toString(), "[" + pieces + "]", "\"" + pieces + "\"")) {
                Object expected = oracle(text);
                assertThat(parsed(text)).as(text).isEqualTo(expected);
                documents += expected == NONE ? 0 : 1;
            }
        }
        assertThat(documents).isBetween(TEXTS / 20, 2 * TEXTS);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append((char) random.nextInt(0x30));
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.append("\"\\\u2028\u2029\u007f\b\f\n\r\t/<'".charAt(random.nextInt(13)));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> text(random);
            case 5 -> random.nextInt(4) == 0 ? (Object) random.nextDouble() : (short) random.nextInt();
            case 6 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), value(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private static void write(com.google.gson.stream.JsonWriter writer, @Nullable Object value) throws IOException {
        if (value instanceof List<?> list) {
            writer.beginArray();
            for (Object item : list) {
                write(writer, item);
            }
            writer.endArray();
        } else if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                write(writer.name((String) member.getKey()), member.getValue());
            }
            writer.endObject();
        } else if (value instanceof Number number) {
            writer.value(number);
        } else if (value instanceof Boolean bool) {
            writer.value(bool);
        } else if (value instanceof String text) {
            writer.value(text);
        } else {
            writer.nullValue();
        }
    }

    @Test
    void anyValueIsWrittenAlike() throws IOException {
        Random random = new Random(20261124);
        for (int i = 0; i < VALUES; i++) {
            Object value = value(random, 0);
            StringWriter written = new StringWriter();
            write(new com.google.gson.stream.JsonWriter(written), value);
            assertThat(Json.text(value)).isEqualTo(written.toString());
        }
    }
}
