package io.github.autodaemon.replay;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** How a recorded segment is cut before it is fed. */
enum Chunking {
    WHOLE {
        @Override
        void cut(byte[] bytes, Consumer<byte[]> into) {
            into.accept(bytes);
        }
    },
    BYTES {
        @Override
        void cut(byte[] bytes, Consumer<byte[]> into) {
            for (byte b : bytes) {
                into.accept(new byte[] {b});
            }
        }
    },
    RANDOM {
        @Override
        void cut(byte[] bytes, Consumer<byte[]> into) {
            Random random = new Random(SEED + bytes.length);
            int from = 0;
            while (from < bytes.length) {
                int bound = random.nextInt(4) == 0 ? 4000 : 9;
                int to = Math.min(bytes.length, from + 1 + random.nextInt(bound));
                into.accept(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
        }
    };

    static final long SEED = 20261122;

    abstract void cut(byte[] bytes, Consumer<byte[]> into);
}
