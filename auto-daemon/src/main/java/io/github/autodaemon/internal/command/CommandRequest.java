package io.github.autodaemon.internal.command;

import io.github.autodaemon.internal.json.Values;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request to run a command: {@code ["command", [{...}], id]} on the stream "0" (docs/protocol.md).
 *
 * @param args without the name
 * @param name of the command, for messages
 * @param cwd the caller's working directory
 * @param dev of that directory (stat(2)); with {@code ino} it tells whether the daemon sees the same directory there
 * @param ino of that directory
 * @param env the caller's environment
 * @param tty 1 for each of the three standard streams that is a terminal
 * @param size of the terminal: columns and rows; 0 when unknown
 * @param umask of the caller; less than 0 when unknown
 * @param pid of the caller
 */
public record CommandRequest(
        List<String> args,
        String name,
        String cwd,
        long dev,
        long ino,
        Map<String, String> env,
        List<Integer> tty,
        List<Integer> size,
        int umask,
        long pid) {
    /** The name of the request. */
    public static final String REQUEST = "command";

    /** The field of a refusal that says that the caller should run the command by itself. */
    public static final String COLD = "cold";

    private static final int STREAMS = 3;
    private static final int DIMENSIONS = 2;

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException when it is none; says why
     */
    public static CommandRequest parse(@Nullable Object given) {
        if (!(Values.PLAIN.convert(given, CommandRequest.class) instanceof CommandRequest read)) {
            throw new IllegalArgumentException("a command is an object");
        }
        if (read.name == null
                || read.cwd == null
                || read.env == null
                || lacks(read.env.values())
                || lacks(read.args)
                || lacks(read.tty)
                || lacks(read.size)) {
            throw new IllegalArgumentException("a field of the command is missing, or null");
        }
        if (read.tty.size() != STREAMS || read.size.size() != DIMENSIONS || !read.cwd.startsWith("/")) {
            throw new IllegalArgumentException("a command has three numbers in tty, two in size, and an absolute cwd");
        }
        return read;
    }

    /** Values that are read from JSON may be null, whatever the type says. */
    private static boolean lacks(@Nullable Collection<? extends @Nullable Object> values) {
        if (values == null) {
            return true;
        }
        for (Object value : values) {
            if (value == null) {
                return true;
            }
        }
        return false;
    }

    /** The arguments for the request. */
    public List<Object> arguments() {
        List<Object> all = new ArrayList<>();
        all.add(this);
        return all;
    }

    /** The charset of the caller's locale (locale(7)); UTF-8 unless another is named. */
    Charset charset() {
        String locale = "";
        for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            locale = env.getOrDefault(variable, "");
            if (!locale.isEmpty()) {
                break;
            }
        }
        int dot = locale.indexOf('.');
        if (dot >= 0) {
            int end = locale.indexOf('@', dot);
            String name = locale.substring(dot + 1, end < 0 ? locale.length() : end);
            try {
                Charset charset = Charset.forName(name);
                // Some can only be read.
                return charset.canEncode() ? charset : StandardCharsets.UTF_8;
            } catch (IllegalArgumentException e) {
                return StandardCharsets.UTF_8;
            }
        }
        return StandardCharsets.UTF_8;
    }
}
