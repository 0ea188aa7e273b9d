package io.github.autodaemon.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.rpc.Response;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What our callers hear against what the recorded program of npm's client noted down. */
class ClientObservedTest {
    private static final String DAMAGED = "npm's client damages long texts; ours does not";
    private static final String UNNOTED = "the recorded program noted no values";

    /** Goldens whose program noted down something else than what it got. */
    private static final Map<String, String> NOT_NOTED = Map.ofEntries(
            Map.entry("15", "the recorded program noted the text of errors without their stack"),
            Map.entry("19", UNNOTED),
            Map.entry("20", DAMAGED),
            Map.entry("27", UNNOTED),
            Map.entry("46", UNNOTED),
            Map.entry("47", "the recorded program noted the last stream only"),
            Map.entry("48", UNNOTED),
            Map.entry("49", "the recorded program noted hexadecimal digits"),
            Map.entry("52", UNNOTED),
            Map.entry("53", UNNOTED),
            Map.entry("64", UNNOTED),
            Map.entry("c6", "npm's client stops reading for ever; ours gets the answer"));

    static Stream<Golden> noted() {
        return Golden.all().stream()
                .filter(golden -> ClientExpectations.covers(golden) && !NOT_NOTED.containsKey(golden.id()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noted")
    void hearsNothingThatNpmDidNotHear(Golden golden) {
        ClientReplay.Observed observed = ClientReplay.run(golden, Chunking.WHOLE);
        StringBuilder pieces = new StringBuilder();
        List<String> noted = new ArrayList<>();
        leaves(golden.clientObserved(), noted);
        noted.forEach(pieces::append);
        observed.answers.values().forEach(args -> {
            List<String> heard = new ArrayList<>();
            leaves(JsonParser.parseString(Json.text(args)), heard);
            for (String leaf : heard) {
                assertThat(pieces).contains(leaf);
            }
        });
        Map<String, String> read = new HashMap<>();
        for (JsonElement note : golden.clientObserved()) {
            if (note.isJsonObject() && note.getAsJsonObject().has("data")) {
                JsonObject data = note.getAsJsonObject();
                String stream = data.has("s") ? data.get("s").getAsString() : "";
                read.merge(stream, data.get("data").getAsString(), String::concat);
            }
        }
        observed.data.values().forEach(bytes -> {
            String text = bytes.toString(StandardCharsets.UTF_8);
            if (!read.containsValue(text)) {
                assertThat(pieces).contains(text);
            }
        });
    }

    private static void leaves(JsonElement element, List<String> into) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(item -> leaves(item, into));
        } else if (element.isJsonObject()) {
            element.getAsJsonObject().asMap().forEach((name, value) -> leaves(value, into));
        } else {
            String text = element.isJsonNull() ? "null" : element.getAsString();
            boolean number =
                    element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
            into.add(number ? new BigDecimal(text).stripTrailingZeros().toPlainString() : text);
        }
    }

    @Test
    void takesForErrorsWhatNpmTakesForErrors() {
        for (String id : List.of("11", "12", "14", "15", "22")) {
            Golden golden = Golden.all().stream()
                    .filter(one -> one.id().equals(id))
                    .findAny()
                    .orElseThrow();
            long noted = golden.clientObserved().asList().stream()
                    .filter(ClientObservedTest::notedAsError)
                    .count();
            ClientReplay.Observed observed = ClientReplay.run(golden, Chunking.WHOLE);
            long errors = observed.answers.values().stream()
                    .filter(args -> Response.of(args, false).error() != null)
                    .count();
            assertThat(errors).as(golden.name()).isEqualTo(noted).isPositive();
        }
    }

    private static boolean notedAsError(JsonElement note) {
        if (!note.isJsonObject() || !note.getAsJsonObject().has("isError")) {
            return false;
        }
        // A result with a member __proto__ is made an Error too, and then is none for instanceof.
        JsonElement kind = note.getAsJsonObject().get("tos");
        return note.getAsJsonObject().get("isError").getAsBoolean()
                || (kind != null && kind.getAsString().equals("[object Error]"));
    }
}
