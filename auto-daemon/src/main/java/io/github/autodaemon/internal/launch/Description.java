package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.rpc.Limits;
import io.github.autodaemon.internal.rpc.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon's process needs to know; it travels as JSON on its standard input. What runs in the daemon is named by
 * class, since nothing else crosses from one process to another.
 *
 * @param service name of the service class
 * @param api name of its interface; null when the service class says it
 * @param args extra arguments of the service
 * @param autoClose whether the daemon leaves when no reference is held
 * @param lingerMillis how long it waits before it does
 * @param idleMillis how long without a user until it leaves; 0 for never
 * @param exitOnClose whether the process ends then even if the service left threads behind
 * @param exclusive whether a successor waits until this daemon is gone
 * @param concurrency how many calls run at once
 * @param errorFirst whether npm clients get {@code (error, value)}
 * @param allowRoot whether the superuser may connect
 * @param pidFile where the process id is written; null for nowhere
 * @param codecs names of the classes of the codecs, by the names of the types they are for
 * @param limits what one client may make the daemon hold
 */
public record Description(
        String service,
        @Nullable String api,
        List<String> args,
        boolean autoClose,
        long lingerMillis,
        long idleMillis,
        boolean exitOnClose,
        boolean exclusive,
        int concurrency,
        boolean errorFirst,
        boolean allowRoot,
        @Nullable String pidFile,
        Map<String, String> codecs,
        Limits limits) {
    private static final int MAX_DEPTH = 20;

    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("service", service);
        map.put("interface", api);
        map.put("args", args);
        map.put("autoClose", autoClose);
        map.put("lingerMillis", lingerMillis);
        map.put("idleMillis", idleMillis);
        map.put("exitOnClose", exitOnClose);
        map.put("exclusive", exclusive);
        map.put("concurrency", concurrency);
        map.put("errorFirst", errorFirst);
        map.put("allowRoot", allowRoot);
        map.put("pidFile", pidFile);
        if (!codecs.isEmpty()) {
            map.put("codecs", codecs);
        }
        map.put("maxLine", limits.givenLine());
        map.put("maxDepth", limits.depth());
        map.put("maxStreams", limits.streams());
        map.put("streamBuffer", limits.streamBuffer());
        map.put("queuedCalls", limits.queuedCalls());
        return map;
    }

    /** Reads back what {@link #toMap} gave, out of the JSON text that also holds what the starter added. */
    public static Description parse(Map<?, ?> map) throws IOException {
        return new Description(
                text(map, "service"),
                map.get("interface") instanceof String api ? api : null,
                texts(map.get("args") instanceof List<?> args ? args : List.of()),
                bool(map, "autoClose"),
                number(map, "lingerMillis"),
                number(map, "idleMillis"),
                bool(map, "exitOnClose"),
                bool(map, "exclusive"),
                (int) number(map, "concurrency"),
                bool(map, "errorFirst"),
                bool(map, "allowRoot"),
                map.get("pidFile") instanceof String file ? file : null,
                texts(map.get("codecs")),
                new Limits(
                        (int) number(map, "maxLine"),
                        (int) number(map, "maxDepth"),
                        (int) number(map, "maxStreams"),
                        (int) number(map, "streamBuffer"),
                        (int) number(map, "queuedCalls")));
    }

    private static List<String> texts(List<?> given) {
        List<String> texts = new ArrayList<>();
        for (Object one : given) {
            texts.add(String.valueOf(one));
        }
        return List.copyOf(texts);
    }

    private static Map<String, String> texts(@Nullable Object given) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (given instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                texts.put(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
            }
        }
        return texts;
    }

    public static Map<?, ?> read(String json) throws IOException {
        if (Json.parse(json, MAX_DEPTH) instanceof Map<?, ?> map) {
            return map;
        }
        throw new IOException("the description on standard input is no JSON object");
    }

    public static String text(Map<?, ?> map, String field) throws IOException {
        if (map.get(field) instanceof String text) {
            return text;
        }
        throw new IOException("the description has no text \"" + field + "\"");
    }

    public static long number(Map<?, ?> map, String field) throws IOException {
        if (map.get(field) instanceof Long number) {
            return number;
        }
        throw new IOException("the description has no number \"" + field + "\"");
    }

    private static boolean bool(Map<?, ?> map, String field) {
        return Boolean.TRUE.equals(map.get(field));
    }

    /** What a client compares with the daemon it finds. */
    public Map<String, @Nullable Object> identity() {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("version", Version.CURRENT);
        identity.put("service", service);
        identity.put("args", args);
        return identity;
    }
}
