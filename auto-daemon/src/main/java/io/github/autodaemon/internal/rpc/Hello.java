package io.github.autodaemon.internal.rpc;

import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first message of each side, on the stream "0": {@code ["hello", [{"autodaemon": 1, ...}], id]}. Unknown fields
 * are ignored; {@code autodaemon} is the version of the protocol.
 *
 * @param fields all fields of the message
 */
public record Hello(Map<?, ?> fields) {
    /** The version of the protocol that this library speaks. */
    public static final long VERSION = 1;

    /** The largest size, in bytes, of an info file, which holds a hello. */
    public static final int MAX_INFO = 1 << 20;

    private static final int INFO_DEPTH = 20;
    private static final String MARK = "autodaemon";
    private static final String STACKS = "stacks";
    private static final String MAX_LINE = "maxLine";
    private static final String MAX_DEPTH = "maxDepth";
    private static final String WITHIN = "within";

    /** The variable that names the daemon in its environment, and so in the processes that its service starts. */
    public static final String DAEMON_VARIABLE = "AUTODAEMON_DAEMON";

    /** What a client connects for. */
    public enum Role {
        /** To call methods. */
        CLIENT("client"),
        /** To ask the library; not as a user of the daemon. */
        PROBE("probe"),
        /** To run one command; the service is not told of the client. */
        COMMAND("command");

        private final String text;

        Role(String text) {
            this.text = text;
        }
    }

    /** The hello in a request's arguments; null when there is none. */
    public static @Nullable Hello parse(List<@Nullable Object> args) {
        boolean marked = !args.isEmpty() && args.get(0) instanceof Map<?, ?> map && map.get(MARK) instanceof Long;
        return marked && args.get(0) instanceof Map<?, ?> map ? new Hello(map) : null;
    }

    /** A daemon's hello with these fields. */
    public static Map<String, @Nullable Object> daemon(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> hello = new LinkedHashMap<>();
        hello.put(MARK, VERSION);
        hello.put("role", "daemon");
        hello.putAll(fields);
        return hello;
    }

    /** A daemon's hello to a client that it refuses. */
    public static Map<String, @Nullable Object> refusal(String reason) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("refused", reason);
        return daemon(fields);
    }

    /**
     * A client's hello.
     *
     * @param role what the client connects for
     * @param pid the client's process id
     * @param stacks whether errors should have the stack of the thrown exception
     * @param limits the limits of the lines that the client reads
     */
    public static Map<String, @Nullable Object> client(Role role, long pid, boolean stacks, Limits limits) {
        Map<String, @Nullable Object> hello = new LinkedHashMap<>();
        hello.put(MARK, VERSION);
        hello.put("role", role.text);
        hello.put("pid", pid);
        if (stacks) {
            hello.put(STACKS, true);
        }
        String within = System.getenv(DAEMON_VARIABLE);
        if (within != null) {
            hello.put(WITHIN, within);
        }
        say(limits, hello);
        return hello;
    }

    /** Adds the limits of the lines that the sender reads to its hello. */
    public static void say(Limits limits, Map<String, @Nullable Object> hello) {
        hello.put(MAX_LINE, limits.line());
        hello.put(MAX_DEPTH, limits.depth());
    }

    /** Limits for lines to the sender; the hello may name none. */
    Limits within(Limits limits) {
        Object line = fields.get(MAX_LINE);
        Object depth = fields.get(MAX_DEPTH);
        return limits.within(
                line instanceof Long bytes ? bytes : Integer.MAX_VALUE,
                depth instanceof Long levels ? levels : Integer.MAX_VALUE);
    }

    /** True for a probe: a client that only asks for information, and is no user of the daemon. */
    public boolean isProbe() {
        return Role.PROBE.text.equals(fields.get("role"));
    }

    /** True for a client that connects to run one command. */
    public boolean isCommand() {
        return Role.COMMAND.text.equals(fields.get("role"));
    }

    /** True if the sender was started by a service of the daemon that has {@code daemon} in its environment. */
    public boolean isWithin(@Nullable String daemon) {
        return daemon != null && daemon.equals(fields.get(WITHIN));
    }

    /** True if errors should have the stack of the thrown exception. */
    public boolean wantsStacks() {
        return Boolean.TRUE.equals(fields.get(STACKS));
    }

    /** A field as text; null when it is missing or no text. */
    public @Nullable String text(String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    /** The process id of the sender; 0 when the hello has none. */
    public long pid() {
        return fields.get("pid") instanceof Long pid ? pid : 0;
    }

    /** The hello in the text of an info file; null when there is none. Not trusted. */
    public static @Nullable Hello written(@Nullable String info) {
        try {
            return info != null && Json.parse(info, INFO_DEPTH) instanceof Map<?, ?> map ? new Hello(map) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The process id in the text of an info file; 0 when there is none. For messages only. */
    public static long pid(@Nullable String info) {
        Hello hello = written(info);
        return hello == null ? 0 : hello.pid();
    }

    /** When the sender's process began, in the units of its system; 0 when the hello does not say. */
    public long started() {
        return fields.get("started") instanceof Long started ? started : 0;
    }

    /** True if the daemon serves in the foreground of a program, whose process is not the daemon's alone. */
    public boolean isForeground() {
        return Boolean.TRUE.equals(fields.get("foreground"));
    }
}
