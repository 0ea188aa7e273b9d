package io.github.autodaemon.internal.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client has the service do.
 *
 * @param method its name
 * @param state {@code waiting} for its turn, {@code running}, {@code pending} (its future is not complete) or {@code stream}
 * @param nanos how long ago it came
 */
record Activity(String method, String state, long nanos) {
    Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("method", method);
        map.put("state", state);
        map.put("millis", TimeUnit.NANOSECONDS.toMillis(nanos));
        return map;
    }
}
