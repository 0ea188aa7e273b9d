package io.github.autodaemon.internal.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call or stream of a client that the service handles.
 *
 * @param method the method's name
 * @param state {@code waiting} for its turn, {@code running}, {@code pending} (the method's future is not complete) or
 *     {@code stream}
 * @param nanos the time since the call or stream came, in nanoseconds
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
