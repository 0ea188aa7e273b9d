package io.github.autodaemon.chaos;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Lines} has appended since the last look. */
final class Tail {
    private final Path file;
    private long position;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    Tail(Path file) {
        this.file = file;
    }

    /** The whole lines that are new; torn ones are left out, since nobody was told that they were written. */
    List<String> news() throws IOException {
        List<String> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            return lines;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            int count = channel.read(buffer, position);
            while (count > 0) {
                position += count;
                for (byte b : java.util.Arrays.copyOf(buffer.array(), count)) {
                    if (b == '\n') {
                        add(lines, rest.toString(StandardCharsets.UTF_8));
                        rest.reset();
                    } else {
                        rest.write(b);
                    }
                }
                count = channel.read(buffer.clear(), position);
            }
        }
        return lines;
    }

    private static void add(List<String> lines, String line) {
        if (line.endsWith(Lines.MARK)) {
            lines.add(line.substring(0, line.length() - Lines.MARK.length()));
        }
    }
}
