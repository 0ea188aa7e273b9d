package io.github.autodaemon.chaos;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who listens, by the kernel's account. */
final class Listeners {
    /** {@code __SO_ACCEPTCON}, in the column of flags of proc_net_unix(5). */
    private static final String LISTENING = "00010000";

    private static final int FLAGS = 3;
    private static final int INODE = 6;
    private static final int PATH = 7;

    /** A socket and the process that has it open. */
    record Listener(long inode, long pid) {
        @Override
        public String toString() {
            return "pid " + pid + " (socket " + inode + ")";
        }
    }

    private Listeners() {}

    /** The listening sockets that were bound to this path, whatever it names now; nobody's are left out. */
    static List<Listener> at(Path socket, List<Processes.Found> daemons) throws IOException {
        Map<Long, Long> owners = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
            String[] columns = line.trim().split("\\s+", PATH + 1);
            if (columns.length > PATH && columns[FLAGS].equals(LISTENING) && columns[PATH].equals(socket.toString())) {
                owners.put(Long.valueOf(columns[INODE]), 0L);
            }
        }
        if (!owners.isEmpty()) {
            for (Processes.Found daemon : daemons) {
                findOwn(daemon.pid(), owners);
            }
        }
        return owners.entrySet().stream()
                .filter(e -> e.getValue() != 0)
                .map(e -> new Listener(e.getKey(), e.getValue()))
                .toList();
    }

    private static void findOwn(long pid, Map<Long, Long> owners) {
        Map<String, Long> wanted = new HashMap<>();
        owners.keySet().forEach(inode -> wanted.put("socket:[" + inode + "]", inode));
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                Long inode = wanted.get(target(descriptor));
                if (inode != null) {
                    owners.put(inode, pid);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // It has ended meanwhile, and its sockets with it.
            return;
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** What the path names, as the daemon's own check sees it; null when nothing. */
    static @Nullable Object identity(Path socket) throws IOException {
        try {
            Map<String, Object> all =
                    Files.readAttributes(socket, "unix:dev,ino,ctime", java.nio.file.LinkOption.NOFOLLOW_LINKS);
            FileTime changed = (FileTime) all.get("ctime");
            return all.get("dev") + ":" + all.get("ino") + ":" + changed;
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
