package io.github.autodaemon.internal.config;

import io.github.autodaemon.AutoDaemonException;

/** Whether daemons are used, by the description or by the environment variable {@code AUTODAEMON}. */
public enum Mode {
    /** Use the daemon, and start the daemon when it does not run. */
    ON,
    /** Use the daemon if it runs. */
    NOSPAWN,
    /** Run the service in this process. */
    OFF;

    private static final String VARIABLE = "AUTODAEMON";

    public static Mode of(boolean spawn, boolean inProcess) {
        String value = System.getenv(VARIABLE);
        if (value == null || value.isEmpty() || value.equals("on")) {
            return inProcess ? OFF : spawn ? ON : NOSPAWN;
        }
        return switch (value) {
            case "off" -> OFF;
            case "nospawn" -> inProcess ? OFF : NOSPAWN;
            default ->
                throw new AutoDaemonException(
                        "the environment variable " + VARIABLE + " is \"" + value
                                + "\"; it can be on, off (run services in"
                                + " the program that uses them) or nospawn (start no daemon)",
                        null);
        };
    }

    /**
     * True if a daemon may have to be started; {@link #of} reports invalid values of the variable when a client
     * connects.
     */
    public static boolean mayStart(boolean spawn, boolean inProcess) {
        String value = System.getenv(VARIABLE);
        return spawn && !inProcess && !"off".equals(value) && !"nospawn".equals(value);
    }

    /** The setting that forbids to start a daemon, in words. */
    public static String forbiddenBy() {
        return System.getenv(VARIABLE) == null ? "spawn(false)" : VARIABLE + "=" + System.getenv(VARIABLE);
    }
}
