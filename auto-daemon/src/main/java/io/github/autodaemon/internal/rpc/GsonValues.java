package io.github.autodaemon.internal.rpc;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records and other classes, through Gson's adapters. */
final class GsonValues {
    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .registerTypeAdapter(Duration.class, text(Duration::toString, Duration::parse))
            .registerTypeAdapter(Instant.class, text(Instant::toString, Instant::parse))
            .registerTypeHierarchyAdapter(Path.class, text(Path::toString, Path::of))
            .registerTypeAdapter(
                    byte[].class,
                    text((byte[] bytes) -> Base64.getEncoder().encodeToString(bytes), Base64.getDecoder()::decode))
            .create();

    private GsonValues() {}

    private static <T> TypeAdapter<T> text(Function<T, String> write, Function<String, T> read) {
        return new TypeAdapter<T>() {
            @Override
            public void write(JsonWriter out, T value) throws IOException {
                if (value == null) {
                    out.nullValue();
                } else {
                    out.value(write.apply(value));
                }
            }

            @Override
            @SuppressWarnings("NullAway") // Gson's adapters take and return null for JSON's null.
            public T read(JsonReader in) throws IOException {
                if (in.peek() == JsonToken.NULL) {
                    in.nextNull();
                    return null;
                }
                return read.apply(in.nextString());
            }
        };
    }

    static void write(JsonWriter writer, Object value) {
        try {
            GSON.toJson(value, value.getClass(), writer);
        } catch (JsonParseException | UnsupportedOperationException e) {
            String closed = closed(e);
            throw new IllegalArgumentException(
                    "a value of " + value.getClass().getName() + " cannot be carried: "
                            + (closed == null ? e.getMessage() : closed),
                    e);
        }
    }

    static @Nullable Object read(@Nullable Object plain, Type type) {
        try {
            return GSON.fromJson(Json.text(plain), type);
        } catch (JsonParseException | IllegalArgumentException | DateTimeException e) {
            String closed = closed(e);
            if (closed != null) {
                throw new IllegalArgumentException(type.getTypeName() + " cannot be carried: " + closed, e);
            }
            throw Values.misfit(plain, type, e);
        }
    }

    /** What a module has to open, in the JVM's own words; Gson's point to a page. */
    private static @Nullable String closed(Exception e) {
        return e.getCause() instanceof InaccessibleObjectException cause ? cause.getMessage() : null;
    }
}
