package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.fs.LogLines;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a daemon loads until its first answer, which somebody waits for. */
@Timeout(60)
class StartPathTest {
    /** The first of each takes the JDK milliseconds. */
    private static final Pattern SLOW =
            Pattern.compile("io\\.github\\.autodaemon\\.\\S*\\$\\$Lambda|java\\.util\\.regex\\.Pattern"
                    + "|java\\.time\\.format\\.DateTimeFormatter|java\\.lang\\.ProcessHandleImpl"
                    + "|sun\\.security\\.provider\\.SHA ");

    /** Where its upkeep begins, which loads all of them. */
    private static final String HOUSEKEEPING = ".Housekeeping$$Lambda";

    private static final int LAST_MILLISECOND = 999;

    @RegisterExtension
    final Scratch scratch = new Scratch();

    /** Adds. */
    interface Sum {
        /** The sum. */
        long add(long n);
    }

    static final class SumService implements Service<Sum> {
        private long sum;

        @Override
        public Sum connected(Client client) {
            return new Sum() {
                @Override
                public long add(long n) {
                    sum += n;
                    return sum;
                }
            };
        }
    }

    @Test
    void aDaemonLoadsNothingSlowBeforeItsFirstAnswer() throws Exception {
        Path loaded = scratch.directory().resolve("loaded");
        AutoDaemon<Sum> daemon = AutoDaemon.of(Sum.class, SumService.class)
                .socket(scratch.socket())
                .jvmOptions("-Xlog:class+load:file=" + loaded + "::filecount=0")
                .build();
        try (Connection<Sum> connection = daemon.connect()) {
            assertThat(connection.rpc().add(2)).isEqualTo(2);
            List<String> lines = Files.readAllLines(loaded).stream()
                    .takeWhile(line -> !line.contains(HOUSEKEEPING))
                    .toList();
            assertThat(lines).anyMatch(line -> line.contains(SumService.class.getName() + " "));
            assertThat(lines.stream().filter(line -> SLOW.matcher(line).find())).isEmpty();
        }
        daemon.stop(Duration.ofSeconds(30));
    }

    @Test
    void theTimeInTheLogIsThatOfAFormatter() {
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
        Random random = new Random(20261127);
        for (int i = 0; i < 10_000; i++) {
            long seconds = random.nextLong(-2_000_000_000L, 8_000_000_000L);
            // Also whole minutes and whole seconds, which LocalTime writes otherwise.
            long whole = random.nextBoolean() ? seconds - Math.floorMod(seconds, 60) : seconds;
            long millis = whole * 1000 + (random.nextBoolean() ? 0 : random.nextInt(1, LAST_MILLISECOND + 1));
            assertThat(LogLines.stamp(millis)).isEqualTo(formatter.format(Instant.ofEpochMilli(millis)));
        }
    }
}
