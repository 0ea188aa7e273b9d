package io.github.autodaemon.cli;

import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.admin.Daemon;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How times, sizes and states look. */
final class Shown {
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Shown() {}

    /** A duration with the precision that matters: {@code 340ms}, {@code 12s}, {@code 5m}, {@code 3h}, {@code 2d}. */
    static String time(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return Math.max(0, time.toMillis()) + "ms";
        }
        if (time.compareTo(Duration.ofMinutes(2)) < 0) {
            return time.toSeconds() + "s";
        }
        if (time.compareTo(Duration.ofHours(2)) < 0) {
            return time.toMinutes() + "m";
        }
        return time.compareTo(Duration.ofDays(2)) < 0 ? time.toHours() + "h" : time.toDays() + "d";
    }

    static String since(Instant when) {
        return time(Duration.between(when, Instant.now()));
    }

    static String when(Instant when) {
        return WHEN.format(when.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    static String size(long bytes) {
        long mega = bytes >> 20;
        return mega >= 1 ? mega + " MB" : (bytes >> 10) + " KB";
    }

    /** The state, and for how long a daemon has had no user. */
    static String state(Daemon daemon) {
        Optional<DaemonStatus> status = daemon.status();
        return switch (daemon.state()) {
            case SERVING ->
                status.isPresent() && status.get().references() == 0
                        ? "idle " + time(status.get().idle())
                        : "serving";
            case NOT_RESPONDING -> "not responding";
            case OTHER -> "no daemon";
            case NOT_RUNNING -> "not running";
            default -> daemon.state().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    static Colour colour(Daemon daemon) {
        return switch (daemon.state()) {
            case SERVING -> Colour.GREEN;
            case STARTING, RETIRING -> Colour.YELLOW;
            case NOT_RESPONDING, OTHER, LEFTOVER -> Colour.RED;
            case NPM, NOT_RUNNING -> Colour.NONE;
        };
    }

    /** Colours of a terminal. */
    enum Colour {
        NONE(""),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        DIM("2");

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        String of(String text) {
            return this == NONE || text.isEmpty() || !Terminal.colours()
                    ? text
                    : "\033[" + code + "m" + text + "\033[0m";
        }
    }

    /** Reads {@code 10s}, {@code 500ms}, {@code 2m}, {@code 1h}; a bare number means seconds. */
    static final class Time implements ITypeConverter<Duration> {
        private static final long MOST = Duration.ofDays(365).toMillis();

        @Override
        public Duration convert(String text) {
            int digits = 0;
            while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
                digits++;
            }
            long unit =
                    switch (text.substring(digits)) {
                        case "ms" -> 1;
                        case "", "s" -> 1000;
                        case "m" -> 60_000;
                        case "h" -> 3_600_000;
                        default -> 0;
                    };
            if (digits == 0 || digits > 12 || unit == 0) {
                throw new TypeConversionException("\"" + text + "\" is no time such as 500ms, 10s, 2m or 1h");
            }
            return Duration.ofMillis(Math.min(MOST, Long.parseLong(text.substring(0, digits)) * unit));
        }
    }
}
