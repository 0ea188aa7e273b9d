package io.github.autodaemon.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** It writes what Gson's writer does, or nothing. */
class CompactJsonWritingTest {
    private static final int ROUNDS = 20_000;

    private static final int DEPTH = 10;

    private static @Nullable String written(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        return CompactJson.write(out, value, DEPTH) ? out.toString() : null;
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
        switch (random.nextInt(depth > 4 ? 5 : 7)) {
            case 0 -> {
                return null;
            }
            case 1 -> {
                return random.nextBoolean();
            }
            case 2 -> {
                return random.nextInt();
            }
            case 3 -> {
                return random.nextLong();
            }
            case 4 -> {
                return text(random);
            }
            case 5 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                return list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), value(random, depth + 1));
                }
                return map;
            }
        }
    }

    @Test
    void plainValuesAreWrittenAsGsonWritesThem() {
        Random random = new Random(20261124);
        for (int i = 0; i < ROUNDS; i++) {
            Object value = value(random, 0);
            assertThat(written(value)).isEqualTo(Json.textOfAny(value));
        }
    }

    @Test
    void whatIsNotPlainIsLeftToGson() {
        assertThat(written(1.5)).isNull();
        assertThat(written(List.of("a", Map.of("b", 'c')))).isNull();
        assertThat(written(Map.of(1, 2))).isNull();
        assertThat(Json.text(List.of("a", 1.5, Map.of(1, 2)))).isEqualTo("[\"a\",1.5,{\"1\":2}]");
    }
}
