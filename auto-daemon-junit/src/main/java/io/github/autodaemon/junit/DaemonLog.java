package io.github.autodaemon.junit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a daemon wrote, for whoever reads why a test has failed. It is a suppressed exception of the failure, since these
 * are shown wherever the failure is, while Maven's surefire does not print report entries.
 */
final class DaemonLog extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MAX_BYTES = 16 * 1024;

    private DaemonLog(String message) {
        super(message, null, false, false);
    }

    /** Adds the logs that there are to a failure, the oldest first. */
    static void addTo(Throwable failure, Path log) {
        Path previous = log.resolveSibling(log.getFileName() + ".previous");
        for (Path file : List.of(previous, log)) {
            if (Files.exists(file)) {
                String which = file.equals(log) ? "the daemon's log" : "the log of the daemon before";
                failure.addSuppressed(new DaemonLog(which + ":\n" + end(file)));
            }
        }
    }

    private static String end(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long from = Math.max(0, channel.size() - MAX_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // Until the end.
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return from == 0
                    ? text.stripTrailing()
                    : "...\n" + text.substring(text.indexOf('\n') + 1).stripTrailing();
        } catch (IOException e) {
            return file + " cannot be read: " + e;
        }
    }
}
