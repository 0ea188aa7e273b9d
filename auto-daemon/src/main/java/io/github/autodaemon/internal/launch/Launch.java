package io.github.autodaemon.internal.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The start of the daemon's process.
 *
 * @param command the program and its arguments
 * @param talks whether the program reads its description and gives its readiness message on its standard streams, as
 *     this library's daemons do; any other program is up when it answers on the socket
 * @param succeeds whether the daemon is a successor of a serving daemon: it says {@code prepared}, and goes on when it
 *     reads another line
 * @param description text for the program's standard input, one line
 * @param nonce precedes the readiness message, since a JVM may print other lines before it
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

    /**
     * The size of arguments and environment that the kernel has to take, in words; their content may be secret, and is
     * long when the size matters.
     */
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
