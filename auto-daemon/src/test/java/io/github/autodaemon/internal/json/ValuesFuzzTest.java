package io.github.autodaemon.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random types, random values of them, and random JSON for them. */
@Timeout(120)
class ValuesFuzzTest {
    private static final int ROUNDS = 5_000;
    private static final int DEPTH = 200;

    @Test
    void whatIsSentIsWhatArrives() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            Type type = RandomValues.type(random, 4);
            Object value = RandomValues.value(random, type, 3);
            String text = "";
            try {
                assertThat(new TypeValidation(Values.PLAIN).refusal(type)).isNull();
                text = Json.text(value);
                Object arrived = Values.PLAIN.convert(Json.parse(text, DEPTH), type);
                if (!RandomValues.same(value, arrived)) {
                    fail("arrived as %s", arrived);
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", round " + i + ", " + type + ": " + text, e);
            }
        }
    }

    private static final List<String> ODD = List.of(
            "1e400",
            "1e2147483647",
            "-1e-2147483647",
            "0.1e-400",
            "1e999999999",
            "-0",
            "-0.0",
            "9223372036854775808",
            "1".repeat(999),
            "0." + "1".repeat(900),
            "\"" + "1".repeat(5000) + "\"",
            "\"1e2147483647\"",
            "\"NaN\"",
            "\"PT9999999999999999999S\"",
            "\"+1000000000-12-31T23:59:59Z\"",
            "\"\\u0000\"",
            "\"MONDAY\"",
            "\"AAA=\"",
            "\"x\"");

    private static final List<String> NAMES = List.of(
            "first",
            "second",
            "value",
            "children",
            "named",
            "number",
            "any",
            "inside",
            "more",
            "i",
            "c",
            "MONDAY",
            "5");

    private static String json(Random random, int depth) {
        StringBuilder out = new StringBuilder();
        switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> out.append("null");
            case 1 -> out.append(random.nextBoolean());
            case 2 -> out.append(random.nextInt(300) - 150);
            case 3 -> out.append(ODD.get(random.nextInt(ODD.size())));
            case 4 -> out.append(Json.text(RandomValues.text(random)));
            case 5 -> {
                String separator = "[";
                for (int i = random.nextInt(4); i >= 0; i--) {
                    out.append(separator).append(json(random, depth - 1));
                    separator = ",";
                }
                out.append(']');
            }
            default -> {
                String separator = "{";
                for (int i = random.nextInt(6); i >= 0; i--) {
                    String name = NAMES.get(random.nextInt(NAMES.size()));
                    out.append(separator).append('"').append(name).append("\":").append(json(random, depth - 1));
                    separator = ",";
                }
                out.append('}');
            }
        }
        return out.toString();
    }

    @Test
    void whateverComesIsAValueOrAMisfit() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int values = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Type type = RandomValues.type(random, 3);
            Type other = RandomValues.type(random, 3);
            String text = "";
            try {
                // Sometimes what was meant for another type, or for this one and then damaged.
                text = switch (random.nextInt(3)) {
                    case 0 -> json(random, 5);
                    case 1 -> Json.text(RandomValues.value(random, other, 3));
                    default ->
                        Json.text(RandomValues.value(random, type, 3))
                                .replaceFirst("null|true|-?\\d+|\"[a-z]*\"", Matcher.quoteReplacement(json(random, 2)));
                };
                Object arrived = Values.PLAIN.convert(Json.parse(text, DEPTH), type);
                assertThat(arrived == null || !Types.raw(type).isPrimitive() || arrived.getClass() != Object.class)
                        .isTrue();
                values++;
            } catch (IllegalArgumentException | IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", round " + i + ", " + type + ": " + text, e);
            }
        }
        assertThat(values).isPositive();
    }

    /** A few characters that stand for a number with a thousand million digits. */
    @Test
    void aHugeExponentTakesNoTime() throws IOException {
        for (String text : List.of("1e-999999999", "12.5e-2000000000", "1e999999999", "15e-1")) {
            assertThatThrownBy(() -> Values.PLAIN.convert(Json.parse(text, DEPTH), BigInteger.class))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Scalars.fromKey(text, BigInteger.class))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Scalars.fromKey("0e-999999999", BigInteger.class)).isEqualTo(BigInteger.ZERO);
        assertThat(Scalars.fromKey("2500e-2", BigInteger.class)).isEqualTo(BigInteger.valueOf(25));
        assertThat(Values.PLAIN.convert(Json.parse("25e2", DEPTH), BigInteger.class))
                .isEqualTo(BigInteger.valueOf(2500));
    }

    /** Each level of it would be copied once for each level around it, if anything were copied. */
    @Test
    void whatIsLargeAndDeepIsReadOnce() throws IOException {
        StringBuilder text = new StringBuilder();
        int levels = DEPTH / 3 - 1;
        text.append("{\"number\":1,\"more\":[{\"second\":null,\"first\":".repeat(levels));
        text.append("{\"number\":2,\"any\":\"").append("x".repeat(5_000_000)).append("\"}");
        text.append("}]}".repeat(levels));
        Object box = Values.PLAIN.convert(Json.parse(text.toString(), DEPTH), RandomValues.Box.class);
        for (int i = 0; i < levels; i++) {
            box = ((RandomValues.Box) Objects.requireNonNull(box)).more.get(0).first();
        }
        assertThat(((RandomValues.Box) Objects.requireNonNull(box)).number).isEqualTo(2);
    }
}
