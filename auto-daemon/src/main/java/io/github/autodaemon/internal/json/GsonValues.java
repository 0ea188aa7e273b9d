package io.github.autodaemon.internal.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Plain classes, field by field, through Gson. What is in their fields is {@link Values}' again. */
final class GsonValues {
    private final Values values;
    private final Gson gson;

    GsonValues(Values values) {
        this.values = values;
        this.gson = new GsonBuilder()
                .serializeNulls()
                .disableHtmlEscaping()
                // A field that is declared as Object does not come to the factory.
                .setObjectToNumberStrategy(in -> (Number) values.convert(((PlainReader) in).next(), Number.class))
                .registerTypeAdapterFactory(new TypeAdapterFactory() {
                    @Override
                    @SuppressWarnings("NullAway") // Gson asks whom it calls next when there is no adapter.
                    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
                        return values.isPlainClass(token.getRawType()) ? null : new Field<>(token.getType());
                    }
                })
                .create();
    }

    /** Gson does not count how deep it is, and a value may contain itself. */
    private static final class Bounded extends JsonWriter {
        private int depth;

        Bounded(StringWriter out, int depth) {
            super(out);
            this.depth = depth;
            setSerializeNulls(true);
        }

        @Override
        public JsonWriter beginArray() throws IOException {
            Json.checkDepth(depth++);
            return super.beginArray();
        }

        @Override
        public JsonWriter endArray() throws IOException {
            depth--;
            return super.endArray();
        }

        @Override
        public JsonWriter beginObject() throws IOException {
            Json.checkDepth(depth++);
            return super.beginObject();
        }

        @Override
        public JsonWriter endObject() throws IOException {
            depth--;
            return super.endObject();
        }
    }

    /** What is in a field of a plain class. */
    private final class Field<T> extends TypeAdapter<T> {
        private final Type type;

        Field(Type type) {
            this.type = type;
        }

        @Override
        public void write(JsonWriter out, T value) throws IOException {
            Json.write(out, value, ((Bounded) out).depth, values);
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // Of the type that is declared, or null.
        public T read(JsonReader in) throws IOException {
            return (T) values.convert(((PlainReader) in).next(), type);
        }
    }

    void write(JsonWriter writer, Object value, int depth) throws IOException {
        if (!values.isPlainClass(value.getClass())) {
            throw new IllegalArgumentException(
                    "a value of " + value.getClass().getName() + " cannot be carried: it is not data");
        }
        try {
            if (writer instanceof Bounded) {
                gson.toJson(value, value.getClass(), writer);
            } else {
                StringWriter text = new StringWriter();
                gson.toJson(value, value.getClass(), new Bounded(text, depth));
                writer.jsonValue(text.toString());
            }
        } catch (JsonParseException | UnsupportedOperationException e) {
            String closed = closed(e);
            throw new IllegalArgumentException(
                    "a value of " + value.getClass().getName() + " cannot be carried: "
                            + (closed == null ? e.getMessage() : closed),
                    e);
        }
    }

    Object read(Object plain, Type type) {
        if (!values.isPlainClass(Types.raw(type))) {
            throw new IllegalArgumentException(
                    "a value of " + type.getTypeName() + " cannot be carried: it is not data");
        }
        try {
            Object value = gson.fromJson(new PlainReader(plain), TypeToken.get(type));
            if (value == null) {
                throw Misfit.of(plain, type, null);
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            String closed = closed(e);
            if (closed != null) {
                throw new IllegalArgumentException(type.getTypeName() + " cannot be carried: " + closed, e);
            }
            throw Misfit.of(plain, type, e);
        }
    }

    /** What a module has to open, in the JVM's own words; Gson's point to a page. */
    private static @Nullable String closed(Exception e) {
        return e.getCause() instanceof InaccessibleObjectException cause ? cause.getMessage() : null;
    }
}
