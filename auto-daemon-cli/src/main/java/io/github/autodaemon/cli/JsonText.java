package io.github.autodaemon.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON from and to plain values. */
final class JsonText {
    private JsonText() {}

    /** On one line, or, for people, on several. */
    static String of(@Nullable Object value, boolean onOneLine) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.setHtmlSafe(false);
            writer.setSerializeNulls(true);
            if (!onOneLine) {
                writer.setIndent("  ");
            }
            write(writer, value);
        } catch (IOException e) {
            throw new AssertionError("a text has room", e);
        }
        return text.toString();
    }

    private static void write(JsonWriter writer, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> field : map.entrySet()) {
                writer.name(String.valueOf(field.getKey()));
                write(writer, field.getValue());
            }
            writer.endObject();
        } else if (value instanceof Iterable<?> list) {
            writer.beginArray();
            for (Object one : list) {
                write(writer, one);
            }
            writer.endArray();
        } else if (value instanceof Number number) {
            writer.value(number);
        } else if (value instanceof Boolean bool) {
            writer.value(bool);
        } else if (value == null) {
            writer.nullValue();
        } else {
            writer.value(value.toString());
        }
    }

    /** The value of an argument: JSON if it is that, else the text itself. */
    static @Nullable Object argument(String text) {
        // A number keeps its value.
        Gson reader = new GsonBuilder()
                .setStrictness(Strictness.STRICT)
                .setObjectToNumberStrategy(in -> number(in.nextString()))
                .create();
        try {
            return text.isBlank() ? text : reader.fromJson(text, Object.class);
        } catch (JsonParseException | NumberFormatException e) {
            return text;
        }
    }

    private static Number number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return new BigDecimal(text);
        }
    }
}
