package io.github.autodaemon.chaos;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a run is told.
 *
 * @param minutes how long
 * @param steps how many steps instead; 0 for as many as there is time for
 * @param seed of all decisions
 * @param log where the log goes besides standard output
 * @param directory where the run makes its own
 */
record Arguments(
        int minutes, int steps, long seed, @Nullable Path log, Path directory) {
    static final String USAGE = "[--minutes N | --steps N] [--seed S] [--log FILE] [--directory DIR]";

    static Arguments parse(String... words) {
        int minutes = 1;
        int steps = 0;
        long seed = System.currentTimeMillis() % 1_000_000;
        Path log = null;
        Path directory = Path.of("/tmp");
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + " needs a value");
            }
            String value = words[i + 1];
            switch (words[i]) {
                case "--minutes" -> minutes = Integer.parseInt(value);
                case "--steps" -> steps = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--log" -> log = Path.of(value);
                case "--directory" -> directory = Path.of(value);
                default -> throw new IllegalArgumentException("unknown: " + words[i]);
            }
        }
        return new Arguments(minutes, steps, seed, log, directory);
    }
}
