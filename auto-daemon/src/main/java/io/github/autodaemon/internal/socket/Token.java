package io.github.autodaemon.internal.socket;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Texts that no other process makes: random bytes of this one, and a number. For telling things apart, and not for secrets:
 * who has one can guess the next.
 */
public final class Token {
    private static final int BYTES = 16;
    private static final String OWN = hex(random());
    private static final AtomicLong COUNT = new AtomicLong();

    private Token() {}

    /** The next one: letters, digits and a dash. Thread-safe. */
    public static String next() {
        return OWN + "-" + COUNT.incrementAndGet();
    }

    /** Of the system, see {@code urandom(4)}: the JDK's generator takes 3 ms to load and to compute the first. */
    private static byte[] random() {
        try (InputStream in = new FileInputStream("/dev/urandom")) {
            byte[] bytes = in.readNBytes(BYTES);
            if (bytes.length == BYTES) {
                return bytes;
            }
        } catch (IOException e) {
            // Another system, or no descriptor left.
            return fromJdk();
        }
        return fromJdk();
    }

    private static byte[] fromJdk() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return text.toString();
    }
}
