package io.github.autodaemon.chaos;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The numbers of a run. */
final class Tally {
    private final long began = System.nanoTime();
    int chapters;
    int steps;
    int clients;
    int acked;
    int byFronts;
    int byJvms;
    int lost;
    int refused;
    int kills;
    int stops;
    int files;
    int violations;

    double seconds() {
        return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%.1f minutes, %d chapters, %d steps, %d clients, %d calls acked (%d by fronts, %d by JVMs"
                        + " for one command), %d lost, %d connects refused, %d kills,"
                        + " %d stops, %d files, %d violations",
                seconds() / 60,
                chapters,
                steps,
                clients,
                acked,
                byFronts,
                byJvms,
                lost,
                refused,
                kills,
                stops,
                files,
                violations);
    }
}
