package io.github.autodaemon.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes that are easily made and easily checked: the byte at position n is n modulo 251, a prime. */
final class Pattern {
    private static final int PERIOD = 251;

    private Pattern() {}

    /** So many bytes as a source. */
    static InputStream stream(long count) {
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                return position < count ? (int) (position++ % PERIOD) : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int size = (int) Math.min(length, count - position);
                for (int i = 0; i < size; i++) {
                    into[offset + i] = (byte) (position++ % PERIOD);
                }
                return size == 0 && length > 0 ? -1 : size;
            }
        };
    }

    /** Writes so many bytes. */
    static void write(OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        InputStream source = stream(count);
        int size = source.read(buffer);
        while (size > 0) {
            out.write(buffer, 0, size);
            size = source.read(buffer);
        }
    }

    /** The SHA-256 of all that comes, in hexadecimal. */
    static String digest(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            int size = in.read(buffer);
            while (size >= 0) {
                digest.update(buffer, 0, size);
                size = in.read(buffer);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The SHA-256 of so many bytes. */
    static String digest(long count) {
        try {
            return digest(stream(count));
        } catch (IOException e) {
            throw new AssertionError("the source does not fail", e);
        }
    }
}
