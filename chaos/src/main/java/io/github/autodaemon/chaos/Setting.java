package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemon;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a chapter takes place, and how its daemons behave.
 *
 * @param home the chapter's directory; the socket is in one below, which may vanish
 * @param lingerMillis of a daemon that leaves by itself; -1 for one that does not
 * @param exclusive whether daemons succeed each other without overlap
 */
record Setting(Path home, int lingerMillis, boolean exclusive) {
    private static final Duration DRAIN = Duration.ofSeconds(2);

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

    AutoDaemon<Ledger> daemon(String version, int timeoutMillis) {
        return AutoDaemon.of(Ledger.class, LedgerService.class)
                .socket(socket())
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
