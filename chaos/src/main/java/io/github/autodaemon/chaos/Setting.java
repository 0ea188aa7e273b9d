package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * Where a chapter takes place, and how its daemons behave.
 *
 * @param home the chapter's directory; the socket is in one below, which may vanish
 * @param lingerMillis of a daemon that leaves by itself; -1 for one that does not
 * @param exclusive whether daemons succeed each other without overlap
 */
record Setting(Path home, int lingerMillis, boolean exclusive) {
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /** In 2020: a time before 1990 would be no time. */
    private static final long FIRST_TOUCH = 1_600_000_000;

    Path directory() {
        return home.resolve("d");
    }

    Path socket() {
        return directory().resolve("s");
    }

    Path sibling(String suffix) {
        return directory().resolve("s" + suffix);
    }

    Path ledger() {
        return home.resolve("ledger");
    }

    Path journal(String client) {
        return home.resolve(client + ".journal");
    }

    /** The start script of a version's commands. */
    Path script(String version) {
        return home.resolve("record-" + version);
    }

    /** Where the stamps are. */
    Path cache() {
        return home.resolve("cache");
    }

    Path stamp(String version) {
        return Path.of(
                cache() + "/auto-daemon" + script(version) + System.getProperty("java.home") + "/bin/java/front.stamp");
    }

    /** A jar without classes at the end of the daemons' class path: whoever touches it has built a new version. */
    Path jar() {
        return home.resolve("empty.jar");
    }

    /** Each time a second newer; 0 is as it was at first. */
    void touch(int times) throws IOException {
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.ofEpochSecond(FIRST_TOUCH + times)));
    }

    AutoDaemon<Ledger> daemon(String version, int timeoutMillis) {
        return AutoDaemon.of(Ledger.class, LedgerService.class)
                .socket(socket())
                .classPath(System.getProperty("java.class.path") + ":" + jar())
                .args(version, ledger().toString(), Boolean.toString(exclusive))
                .autoClose(lingerMillis >= 0)
                .linger(Duration.ofMillis(Math.max(0, lingerMillis)))
                .exclusive(exclusive)
                .drain(DRAIN)
                .timeout(Duration.ofMillis(timeoutMillis))
                .jvmOptions("-XX:TieredStopAtLevel=1", "-Xmx64m")
                .build();
    }
}
