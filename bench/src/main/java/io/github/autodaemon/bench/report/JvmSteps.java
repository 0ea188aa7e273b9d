package io.github.autodaemon.bench.report;

/** What is told of a JVM's start and end. */
public final class JvmSteps {
    /** From the start of the process until it is gone. */
    public static final String WHOLE = "whole process";

    /** Until the first thing that {@code main} does is seen. */
    public static final String BEFORE = "before main";

    /** From then until the process is gone. */
    public static final String AFTER = "after main";

    /** No JVM. */
    public static final String PROCESS = "no JVM: /bin/echo";

    /** What options are beside. */
    public static final String PLAIN = "java without options";

    /** The options of a command. */
    public static final String FLAGS = "the options of a command";

    /** And its classes. */
    public static final String ARCHIVE = "… and an archive";

    /** And an exit. */
    public static final String EXIT = "… and System.exit";

    /** And no exit. */
    public static final String HALT = "… and Runtime.halt instead";

    /** A round trip. */
    public static final String SOCKET = "a round trip, the options of a command";

    /** Without a service loader. */
    public static final String SOCKET_PROVIDER = "… and the selector provider named";

    /** Without most security providers. */
    public static final String SOCKET_SECURITY = "… and a short list of security providers";

    /** Its classes. */
    public static final String SOCKET_ARCHIVE = "a round trip, the options of a command, an archive";

    /** Both. */
    public static final String SOCKET_ALL = "… and the selector provider named, archived";

    private JvmSteps() {}
}
