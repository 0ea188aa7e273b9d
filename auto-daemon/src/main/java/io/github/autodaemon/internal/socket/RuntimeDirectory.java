package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The default directory for sockets: {@code auto-daemon} in {@code XDG_RUNTIME_DIR} (XDG Base Directory Specification)
 * or {@code /run/user/<uid>} where these are this user's own, else {@code /tmp/auto-daemon-<uid>}.
 */
final class RuntimeDirectory {
    private RuntimeDirectory() {}

    static Path path() throws IOException {
        int uid = CurrentUser.uid();
        String configured = System.getenv("XDG_RUNTIME_DIR");
        if (configured != null && !configured.isEmpty()) {
            Path own = ownOrNull(SocketPath.parse(configured), uid);
            if (own != null) {
                return own;
            }
        }
        Path own = ownOrNull(Path.of("/run/user/" + uid), uid);
        return own != null ? own : Path.of("/tmp/auto-daemon-" + uid);
    }

    private static @Nullable Path ownOrNull(Path directory, int uid) throws IOException {
        if (!directory.isAbsolute()) {
            return null;
        }
        FileFacts facts = FileFacts.of(directory);
        boolean own = facts != null && facts.isDirectory() && facts.uid() == uid && facts.permissionsOfOthers() == 0;
        return own ? directory.toRealPath().resolve("auto-daemon") : null;
    }
}
