package io.github.autodaemon;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's status. A status request changes nothing and keeps no daemon alive. Immutable.
 *
 * @param state whether the daemon serves or retires
 * @param leaving why the daemon retires; empty while it serves
 * @param pid its process id
 * @param service the name of its service class
 * @param args the extra arguments
 * @param version of the library that the daemon runs
 * @param since when the daemon began to serve
 * @param why why the daemon was started
 * @param clients connections of users; a status request is no user
 * @param references clients, and references that the service has taken with {@link Client#ref()}
 * @param waiting calls that wait for their turn, one-way calls that run, and streams that are not served yet
 * @param calls calls that run, or whose future is not complete
 * @param streams streams that the service serves
 * @param idle how long no reference has been held; zero while one is
 * @param details details for people rather than for programs
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
        Duration idle,
        Details details) {
    /** The states of a daemon. */
    public enum State {
        /** The daemon accepts connections. */
        SERVING,
        /** The daemon has given up its socket and finishes the work of its connections. */
        RETIRING
    }

    public static DaemonStatus of(Map<?, ?> map) {
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
                Duration.ofMillis(number(map, "idleMillis")),
                Details.of(map));
    }

    /**
     * More about a daemon.
     *
     * @param startedBy the starter: a process id and a command, in words
     * @param leavesIn the time until the daemon leaves if no client comes; empty when it does not
     * @param answered calls that the daemon has answered since it began to serve
     * @param answerTime the total time of these calls, from their arrival to their answer
     * @param heap bytes of the Java heap in use
     * @param maxHeap bytes that the Java heap may have
     * @param jvm name and version
     * @param javaHome where that JVM is installed
     * @param connections of users, with the calls and streams of each
     */
    public record Details(
            String startedBy,
            Optional<Duration> leavesIn,
            long answered,
            Duration answerTime,
            long heap,
            long maxHeap,
            String jvm,
            String javaHome,
            List<ConnectionStatus> connections) {

        private static Details of(Map<?, ?> map) {
            return new Details(
                    words(map, "by"),
                    map.get("leavesInMillis") instanceof Long left
                            ? Optional.of(Duration.ofMillis(left))
                            : Optional.empty(),
                    number(map, "answered"),
                    Duration.of(number(map, "answeredMicros"), ChronoUnit.MICROS),
                    number(map, "heap"),
                    number(map, "maxHeap"),
                    words(map, "jvm"),
                    words(map, "javaHome"),
                    maps(map, "connections").stream().map(ConnectionStatus::of).toList());
        }
    }

    /**
     * A user's connection.
     *
     * @param pid of the client's process, from its hello; 0 for npm's client, which sends none
     * @param age the time since the client connected
     * @param doing the client's calls and streams; only some when there are many
     */
    public record ConnectionStatus(long pid, Duration age, List<Activity> doing) {
        private static ConnectionStatus of(Map<?, ?> map) {
            return new ConnectionStatus(
                    number(map, "pid"),
                    Duration.ofMillis(number(map, "millis")),
                    maps(map, "doing").stream().map(Activity::of).toList());
        }
    }

    /**
     * A call or a stream.
     *
     * @param method the method's name
     * @param state {@code waiting} for its turn, {@code running}, {@code pending} (its future is not complete) or
     *     {@code stream}
     * @param age the time since the call or stream came
     */
    public record Activity(String method, String state, Duration age) {
        private static Activity of(Map<?, ?> map) {
            return new Activity(words(map, "method"), words(map, "state"), Duration.ofMillis(number(map, "millis")));
        }
    }

    private static List<Map<?, ?>> maps(Map<?, ?> map, String field) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (map.get(field) instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> found) {
                    maps.add(found);
                }
            }
        }
        return maps;
    }

    private static String words(Map<?, ?> map, String field) {
        String text = text(map, field);
        return text == null ? "" : text;
    }

    private static @Nullable String text(Map<?, ?> map, String field) {
        return map.get(field) instanceof String text ? text : null;
    }

    private static long number(Map<?, ?> map, String field) {
        return map.get(field) instanceof Number number ? number.longValue() : 0;
    }
}
