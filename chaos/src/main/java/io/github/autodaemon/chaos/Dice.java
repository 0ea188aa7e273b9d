package io.github.autodaemon.chaos;

import java.util.List;
import java.util.Random;

/** The decisions of one step. They depend on the seed and the step's number and on nothing that happened. */
final class Dice {
    private final Random random;

    Dice(long seed, int chapter, int step) {
        random = new Random(seed * 1_000_003L + chapter * 10_007L + step);
        // The first number of similar seeds is similar.
        random.nextLong();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    int one(int... values) {
        return values[random.nextInt(values.length)];
    }

    List<Integer> numbers(int count) {
        return random.ints(count, 0, 1000).boxed().toList();
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
