package io.github.autodaemon.internal.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Lets Gson read plain values. A part that is requested as a whole is returned as it is, and not copied. */
final class PlainReader extends JsonReader {
    private final ArrayDeque<Iterator<?>> open = new ArrayDeque<>();
    private @Nullable Object current;
    private boolean named;
    private boolean present = true;
    private @Nullable String name;

    PlainReader(@Nullable Object plain) {
        super(Reader.nullReader());
        current = plain;
    }

    /** The next value. */
    @Nullable
    Object next() {
        advance();
        if (!present || named) {
            throw new IllegalStateException("no value comes next");
        }
        Object value = current;
        taken();
        return value;
    }

    private void taken() {
        present = false;
        current = null;
    }

    /** Moves to the next element, if there is one. */
    private void advance() {
        Iterator<?> inside = open.peek();
        if (present || inside == null || !inside.hasNext()) {
            return;
        }
        Object element = inside.next();
        present = true;
        if (element instanceof Map.Entry<?, ?> member) {
            named = true;
            name = String.valueOf(member.getKey());
            current = member.getValue();
        } else {
            current = element;
        }
    }

    private void begin(@Nullable Iterator<?> inside) {
        if (inside == null) {
            throw new IllegalStateException("something else comes next");
        }
        taken();
        open.push(inside);
    }

    @Override
    public void beginArray() {
        advance();
        begin(!named && current instanceof List<?> list ? list.iterator() : null);
    }

    @Override
    public void beginObject() {
        advance();
        begin(!named && current instanceof Map<?, ?> map ? map.entrySet().iterator() : null);
    }

    @Override
    public void endArray() {
        open.pop();
    }

    @Override
    public void endObject() {
        open.pop();
    }

    @Override
    public boolean hasNext() {
        advance();
        return present;
    }

    @Override
    public JsonToken peek() throws IOException {
        advance();
        if (!present) {
            throw new NoSuchElementException();
        }
        if (named) {
            return JsonToken.NAME;
        }
        if (current == null) {
            return JsonToken.NULL;
        }
        if (current instanceof String) {
            return JsonToken.STRING;
        }
        if (current instanceof Boolean) {
            return JsonToken.BOOLEAN;
        }
        if (current instanceof Number) {
            return JsonToken.NUMBER;
        }
        return current instanceof List ? JsonToken.BEGIN_ARRAY : JsonToken.BEGIN_OBJECT;
    }

    @Override
    public String nextName() {
        advance();
        String next = name;
        if (!named || next == null) {
            throw new IllegalStateException("no name comes next");
        }
        named = false;
        name = null;
        return next;
    }

    @Override
    public String nextString() {
        Object value = next();
        if (value instanceof String || value instanceof Number) {
            return value.toString();
        }
        throw new IllegalStateException("no text comes next");
    }

    @Override
    public boolean nextBoolean() {
        if (next() instanceof Boolean value) {
            return value;
        }
        throw new IllegalStateException("no truth value comes next");
    }

    @Override
    public void nextNull() {
        if (next() != null) {
            throw new IllegalStateException("no null comes next");
        }
    }

    private Number nextNumber(Class<?> type) {
        if (next() instanceof Number value) {
            return Scalars.number(value, type);
        }
        throw new IllegalStateException("no number comes next");
    }

    @Override
    public double nextDouble() {
        return nextNumber(double.class).doubleValue();
    }

    @Override
    public long nextLong() {
        return nextNumber(long.class).longValue();
    }

    @Override
    public int nextInt() {
        return nextNumber(int.class).intValue();
    }

    @Override
    public void skipValue() {
        advance();
        if (named) {
            nextName();
        } else {
            next();
        }
    }

    @Override
    public String getPath() {
        return "$";
    }

    @Override
    public String getPreviousPath() {
        return "$";
    }

    @Override
    public void close() {
        open.clear();
    }

    @Override
    public String toString() {
        return "plain values";
    }
}
