package io.github.autodaemon.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Appends lines to a file, each in one write(2) to its end, so that those of several processes do not mix and those of a
 * killed one are there. A write that is cut by a kill at the border of a page has no mark at its end, and the next line
 * begins with a line break of its own.
 */
final class Lines implements AutoCloseable {
    static final String MARK = " .";

    /** No channel, which a thread that is interrupted would close. */
    private final FileOutputStream file;

    Lines(Path path) throws IOException {
        file = new FileOutputStream(path.toFile(), true);
    }

    synchronized void add(String line) throws IOException {
        String plain = line.replace('\n', ' ').replace('\r', ' ');
        file.write(("\n" + plain + MARK + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
