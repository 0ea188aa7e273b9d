package io.github.autodaemon.internal.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Type;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Plain classes, field by field, through Gson. The mapper converts the values of their fields. */
final class GsonValues {
    private final Mapper mapper;
    private final Converter converter;
    private final Predicate<Class<?>> plain;
    private final Gson gson;

    GsonValues(Mapper mapper, Converter converter, Predicate<Class<?>> plain) {
        this.mapper = mapper;
        this.converter = converter;
        this.plain = plain;
        this.gson = new GsonBuilder()
                .serializeNulls()
                .disableHtmlEscaping()
                // A field that is declared as Object does not come to the factory.
                .setObjectToNumberStrategy(in -> (Number) converter.convert(((PlainReader) in).next(), Number.class))
                .registerTypeAdapterFactory(new TypeAdapterFactory() {
                    @Override
                    @SuppressWarnings("NullAway") // Gson asks the next factory when this one returns no adapter.
                    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
                        return plain.test(token.getRawType()) ? null : new Field<>(token.getType());
                    }
                })
                .create();
    }

    /** Gson does not count the nesting depth, and a value may contain itself. */
    private static final class Bounded extends com.google.gson.stream.JsonWriter {
        private int depth;

        Bounded(StringWriter out, int depth) {
            super(out);
            this.depth = depth;
            setSerializeNulls(true);
        }

        @Override
        public com.google.gson.stream.JsonWriter beginArray() throws IOException {
            JsonWriter.checkDepth(depth++);
            return super.beginArray();
        }

        @Override
        public com.google.gson.stream.JsonWriter endArray() throws IOException {
            depth--;
            return super.endArray();
        }

        @Override
        public com.google.gson.stream.JsonWriter beginObject() throws IOException {
            JsonWriter.checkDepth(depth++);
            return super.beginObject();
        }

        @Override
        public com.google.gson.stream.JsonWriter endObject() throws IOException {
            depth--;
            return super.endObject();
        }
    }

    /** The value of a field of a plain class. */
    private final class Field<T> extends TypeAdapter<T> {
        private final Type type;

        Field(Type type) {
            this.type = type;
        }

        @Override
        public void write(com.google.gson.stream.JsonWriter out, T value) throws IOException {
            StringBuilder text = new StringBuilder();
            JsonWriter.write(text, value, ((Bounded) out).depth, mapper);
            out.jsonValue(text.toString());
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // The value is of the declared type, or null.
        public T read(JsonReader in) throws IOException {
            return (T) converter.convert(((PlainReader) in).next(), type);
        }
    }

    void write(StringBuilder out, Object value, int depth) {
        if (!plain.test(value.getClass())) {
            throw new IllegalArgumentException(
                    "a value of " + value.getClass().getName() + " cannot be carried: it is not data");
        }
        try {
            StringWriter text = new StringWriter();
            gson.toJson(value, value.getClass(), new Bounded(text, depth));
            out.append(text.getBuffer());
        } catch (JsonParseException | UnsupportedOperationException e) {
            String closed = closed(e);
            throw new IllegalArgumentException(
                    "a value of " + value.getClass().getName() + " cannot be carried: "
                            + (closed == null ? e.getMessage() : closed),
                    e);
        }
    }

    Object read(Object value, Type type) {
        if (!plain.test(Types.raw(type))) {
            throw new IllegalArgumentException(
                    "a value of " + type.getTypeName() + " cannot be carried: it is not data");
        }
        try {
            Object read = gson.fromJson(new PlainReader(value), TypeToken.get(type));
            if (read == null) {
                throw MappingException.of(value, type, null);
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            String closed = closed(e);
            if (closed != null) {
                throw new IllegalArgumentException(type.getTypeName() + " cannot be carried: " + closed, e);
            }
            throw MappingException.of(value, type, e);
        }
    }

    /** The package that a module has to open, in the JVM's own words; Gson's message points to a web page. */
    private static @Nullable String closed(Exception e) {
        return e.getCause() instanceof InaccessibleObjectException cause ? cause.getMessage() : null;
    }
}
