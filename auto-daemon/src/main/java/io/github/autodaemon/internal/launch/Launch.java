package io.github.autodaemon.internal.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the daemon's process is started.
 *
 * @param command the program and its arguments
 * @param talks whether it reads its description and gives its readiness message on its standard streams, as this library's daemons do;
 *     any other program is up when it answers on the socket
 * @param succeeds whether it is to take the place of a daemon that serves: it says {@code prepared}, and goes on when it
 *     reads another line
 * @param description text for its standard input, one line
 * @param nonce stands before its readiness message, since a JVM may print other things before it
 * @param directory its working directory
 * @param inheritUmask whether its umask is this process's own
 * @param environment its environment; null for this process's own
 */
public record Launch(
        List<String> command,
        boolean talks,
        boolean succeeds,
        String description,
        String nonce,
        Path directory,
        boolean inheritUmask,
        @Nullable Map<String, String> environment) {

    /** How much of it the kernel has to take, in words; what it is may be secret, and is long when it matters. */
    String size() {
        long arguments = 0;
        for (String argument : command) {
            arguments += argument.length() + 1;
        }
        Map<String, String> given = environment == null ? System.getenv() : environment;
        long variables = 0;
        for (Map.Entry<String, String> variable : given.entrySet()) {
            variables += variable.getKey().length() + variable.getValue().length() + 2;
        }
        return arguments + " bytes of arguments and " + variables + " of environment";
    }
}
