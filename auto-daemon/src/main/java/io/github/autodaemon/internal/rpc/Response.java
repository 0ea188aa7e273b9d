package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of an answer's arguments. npm's convention is value first: the result, or an object with a
 * {@code message}, which is an error, though it may be a result with that property. The error-first convention,
 * {@code (error, value)}, is unambiguous; two Java peers agree on it in the hello.
 *
 * @param value the result, if there is no error
 * @param error the error object
 */
public record Response(@Nullable Object value, @Nullable Map<?, ?> error) {
    /** Reads both conventions leniently; {@code errorFirst} says which convention was agreed. */
    public static Response of(List<@Nullable Object> args, boolean errorFirst) {
        Object first = args.isEmpty() ? null : args.get(0);
        if (first instanceof Map<?, ?> map && truthy(map.get("message"))) {
            return new Response(null, map);
        }
        if (first == null) {
            return new Response(args.size() > 1 ? args.get(1) : null, null);
        }
        if (errorFirst && args.size() > 1) {
            return new Response(null, Map.of("message", first instanceof String text ? text : Json.text(first)));
        }
        return new Response(first, null);
    }

    private static boolean truthy(@Nullable Object value) {
        return value != null
                && !value.equals("")
                && !value.equals(false)
                && !(value instanceof Number number && number.doubleValue() == 0);
    }
}
