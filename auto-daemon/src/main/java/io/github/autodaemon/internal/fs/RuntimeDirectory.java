package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The default directory for sockets: {@code auto-daemon} in {@code XDG_RUNTIME_DIR} (XDG Base Directory Specification)
 * or {@code /run/user/<uid>} where these are this user's own, else {@code /tmp/auto-daemon-<uid>}.
 */
public final class RuntimeDirectory {
    private RuntimeDirectory() {}

    /** The directory in which this process puts named sockets. */
    public static Path path() throws IOException {
        int uid = CurrentUser.uid();
        String configured = System.getenv("XDG_RUNTIME_DIR");
        if (configured != null && !configured.isEmpty()) {
            Path own = ownOrNull(PrivateFiles.parse(configured), uid);
            if (own != null) {
                return own;
            }
        }
        Path own = ownOrNull(Path.of("/run/user/" + uid), uid);
        return own != null ? own : Path.of("/tmp/auto-daemon-" + uid);
    }

    /**
     * The existing directories in which processes of this user may have put named sockets. A job that runs before the
     * first login has no {@code /run/user/<uid>} yet. A user that sets {@code XDG_RUNTIME_DIR} to another directory
     * wants separate daemons.
     */
    public static List<Path> all() throws IOException {
        int uid = CurrentUser.uid();
        Path chosen = path();
        Path usual = ownOrNull(Path.of("/run/user/" + uid), uid);
        Path last = Path.of("/tmp/auto-daemon-" + uid);
        Set<Path> all = new LinkedHashSet<>();
        all.add(chosen);
        if (chosen.equals(usual) || chosen.equals(last)) {
            all.add(last);
        }
        List<Path> safe = new ArrayList<>(all);
        safe.removeIf(directory -> !PrivateFiles.isPrivateDirectory(directory));
        return safe;
    }

    /**
     * The other of the two default directories of this user, if it exists: the daemons of a job before the first login
     * are in {@code /tmp}. Null for a directory that was chosen in another way.
     */
    static @Nullable Path other(Path directory) throws IOException {
        int uid = CurrentUser.uid();
        Path usual = ownOrNull(Path.of("/run/user/" + uid), uid);
        Path last = Path.of("/tmp/auto-daemon-" + uid);
        if (directory.equals(last)) {
            return usual;
        }
        return directory.equals(usual) && PrivateFiles.isPrivateDirectory(last) ? last : null;
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
