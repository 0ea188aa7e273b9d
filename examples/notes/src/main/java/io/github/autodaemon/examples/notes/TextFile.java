package io.github.autodaemon.examples.notes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How a file becomes text. */
@FunctionalInterface
interface TextFile {
    /** Beyond this it is hardly a note, and the daemon holds a file in memory while it indexes it. */
    int MAX_BYTES = 1 << 20;

    /** The text of a file; empty when it is none. */
    Optional<String> read(Path file) throws IOException;

    /** Reads small files of UTF-8 text. */
    static Optional<String> readUtf8(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // A zero byte is valid UTF-8, and what binary files have in common.
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** On one line of a terminal: a file name or a line of text may hold anything, escape sequences included. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
