package io.github.autodaemon.cli;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            Object value = read(reader);
            return reader.peek() == JsonToken.END_DOCUMENT ? value : text;
        } catch (IOException | NumberFormatException | IllegalStateException e) {
            return text;
        }
    }

    private static @Nullable Object read(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    map.put(reader.nextName(), read(reader));
                }
                reader.endObject();
                return map;
            }
            case BEGIN_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    list.add(read(reader));
                }
                reader.endArray();
                return list;
            }
            case NUMBER -> {
                return number(reader.nextString());
            }
            case BOOLEAN -> {
                return reader.nextBoolean();
            }
            case NULL -> {
                reader.nextNull();
                return null;
            }
            default -> {
                return reader.nextString();
            }
        }
    }

    private static Object number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return new BigDecimal(text);
        }
    }
}
