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
 * @param details what is for people rather than for programs
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
    /** What a daemon is doing. */
    public enum State {
        /** It accepts connections. */
        SERVING,
        /** It has given up its socket and ends the work of its connections. */
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
     * @param startedBy who started it: a process id and a command, in words
     * @param leavesIn how long until it leaves if nobody comes; empty when it does not
     * @param answered calls that it has answered since it began to serve
     * @param answerTime how long these took, from when they came, all together
     * @param heap bytes of the Java heap in use
     * @param maxHeap bytes that the Java heap may have
     * @param jvm name and version
     * @param javaHome where that JVM is installed
     * @param connections of users, with what each has the service do
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
     * @param pid of the client's process, as it says; 0 for one of npm's, which does not
     * @param age since it connected
     * @param doing what the service does for it; some of it, when it is much
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
     * @param method its name
     * @param state {@code waiting} for its turn, {@code running}, {@code pending} (its future is not complete) or {@code
     *     stream}
     * @param age since it came
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
