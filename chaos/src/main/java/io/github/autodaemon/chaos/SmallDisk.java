package io.github.autodaemon.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own for a chapter's socket, in memory; only root may have one. */
final class SmallDisk {
    private SmallDisk() {}

    static boolean mount(Path directory) throws IOException {
        return Processes.command(
                "mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "auto-daemon-chaos", directory.toString());
    }

    /** As often as it was mounted; lazily when somebody has a file of it open. */
    static void unmount(Path directory) throws IOException {
        if (!Processes.command("umount", directory.toString())
                && !Processes.command("umount", "-l", directory.toString())) {
            throw new IOException(directory + " could not be unmounted");
        }
    }

    /** Unmounts all below a directory; what was on them is copied beside if it is to be kept. */
    static void unmountBelow(Path directory, boolean keep) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            String mounted = line.split(" ", 3)[1];
            if (mounted.startsWith(directory + "/")) {
                if (keep) {
                    Processes.command("cp", "-r", mounted, mounted + ".kept");
                }
                unmount(Path.of(mounted));
            }
        }
    }
}
