package io.github.autodaemon.internal.fs;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Texts that no other process makes: random bytes of this process, and a number. For identification, and not for
 * secrets: a holder of one token can guess the next.
 */
public final class Token {
    private static final int BYTES = 16;
    private static final String OWN = HexFormat.of().formatHex(random());
    private static final AtomicLong COUNT = new AtomicLong();

    private Token() {}

    /** The next token: letters, digits and a dash. Thread-safe. */
    public static String next() {
        return OWN + "-" + COUNT.incrementAndGet();
    }

    /**
     * Random bytes of the system, see {@code urandom(4)}: the JDK's generator takes 3 ms to load and to compute the
     * first number.
     */
    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        try (DataInputStream in = new DataInputStream(new FileInputStream("/dev/urandom"))) {
            in.readFully(bytes);
        } catch (IOException e) {
            // Not Linux, or no descriptor left.
            new SecureRandom().nextBytes(bytes);
        }
        return bytes;
    }
}
