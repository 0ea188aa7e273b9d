package io.github.autodaemon.internal.launch;

/**
 * FNV-1a, 64 bits (draft-eastlake-fnv), over the low and the high byte of each character. The digest detects accidental
 * changes, not a forged collision; a cryptographic digest costs a command 20 ms of class loading.
 */
final class Digest {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long value = OFFSET;

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            add((byte) text.charAt(i));
            add((byte) (text.charAt(i) >> 8));
        }
        // A separator: the next text is not the rest of this one.
        add((byte) -1);
        add((byte) -1);
    }

    void add(long number) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            add((byte) (number >> shift));
        }
    }

    private void add(byte b) {
        value = (value ^ (b & 0xff)) * PRIME;
    }

    long value() {
        return value;
    }
}
