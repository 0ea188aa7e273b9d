package io.github.autodaemon;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon says about itself. Asking for it changes nothing: it keeps no daemon alive. Immutable.
 *
 * @param state what it is doing
 * @param leaving why it retires; empty while it serves
 * @param pid its process id
 * @param service the name of its service class
 * @param args the extra arguments
 * @param version of the library it runs
 * @param since when it began to serve
 * @param why why it was started
 * @param clients connections of users; whoever asks for the status is none
 * @param references clients, and what the service has taken with {@link Client#ref()}
 * @param waiting calls that wait for their turn, one-way calls that run, and streams that are not served yet
 * @param calls calls that run, or whose future is not complete
 * @param streams streams the service is busy with
 * @param idle how long nobody has held a reference; zero while somebody does
 */
public record DaemonStatus(
        State state,
        Optional<String> leaving,
        long pid,
        String service,
        List<String> args,
        String version,
        Instant since,
        String why,
        int clients,
        int references,
        int waiting,
        int calls,
        int streams,
        Duration idle) {
    /** What a daemon is doing. */
    public enum State {
        /** It accepts connections. */
        SERVING,
        /** It has given up its socket and ends the work of its connections. */
        RETIRING
    }

    static DaemonStatus of(Map<?, ?> map) {
        return new DaemonStatus(
                "serving".equals(map.get("state")) ? State.SERVING : State.RETIRING,
                Optional.ofNullable(text(map, "leaving")),
                number(map, "pid"),
                String.valueOf(text(map, "service")),
                map.get("args") instanceof List<?> args
                        ? args.stream().map(String::valueOf).toList()
                        : List.of(),
                String.valueOf(text(map, "version")),
                Instant.ofEpochMilli(number(map, "since")),
                String.valueOf(text(map, "why")),
                (int) number(map, "clients"),
                (int) number(map, "references"),
                (int) number(map, "waiting"),
                (int) number(map, "calls"),
                (int) number(map, "streams"),
                Duration.ofMillis(number(map, "idleMillis")));
    }

    private static @Nullable String text(Map<?, ?> map, String field) {
        return map.get(field) instanceof String text ? text : null;
    }

    private static long number(Map<?, ?> map, String field) {
        return map.get(field) instanceof Number number ? number.longValue() : 0;
    }
}
