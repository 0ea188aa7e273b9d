package io.github.autodaemon.internal.fs;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Texts that no other process makes: random bytes of this one, and a number. For telling things apart, and not for secrets:
 * who has one can guess the next.
 */
public final class Token {
    private static final int BYTES = 16;
    private static final String OWN = HexFormat.of().formatHex(random());
    private static final AtomicLong COUNT = new AtomicLong();

    private Token() {}

    /** The next one: letters, digits and a dash. Thread-safe. */
    public static String next() {
        return OWN + "-" + COUNT.incrementAndGet();
    }

    /** Of the system, see {@code urandom(4)}: the JDK's generator takes 3 ms to load and to compute the first. */
    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        try (DataInputStream in = new DataInputStream(new FileInputStream("/dev/urandom"))) {
            in.readFully(bytes);
        } catch (IOException e) {
            // Another system, or no descriptor left.
            new SecureRandom().nextBytes(bytes);
        }
        return bytes;
    }
}
