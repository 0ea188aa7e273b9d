package io.github.autodaemon.bench.report;

import java.util.List;
import java.util.Locale;

/** What the rows of the results are called, by those who measure and by those who show. */
public final class Rows {
    /** Bytes of a message. */
    public static final List<Integer> SIZES = List.of(16, 256, 4 << 10, 64 << 10, 1 << 20, 16 << 20);

    /** Connections that are held at once. */
    public static final List<Integer> CONNECTIONS = List.of(1, 10, 100, 1000, 10_000);

    /** A whole command; the daemon runs. */
    public static final String WARM = "warm command";

    /** A whole command that starts the daemon. */
    public static final String COLD = "cold command";

    /** Until the last of them has ended. */
    public static final String CROWD = "100 commands at once";

    /** Of the library's interface. */
    public static final String TYPED = "typed";

    /** Of the library's dynamic layer. */
    public static final String DYNAMIC = "dynamic";

    /** A round trip of raw Java. */
    public static final String FLOOR = "floor";

    /** A JVM that prints a letter. */
    public static final String BARE_JVM = "bare JVM";

    /** A Node that prints a digit. */
    public static final String BARE_NODE = "bare Node";

    /** One that ends at once. */
    public static final String BARE_PROCESS = "bare process";

    /** What of a command is its script. */
    public static final String SHELL_SCRIPT = "shell script";

    /** A whole command without a runtime, as {@code timer.c} starts it. */
    public static final String SHORT = "short command";

    /** A whole command, a runtime of its own or none. */
    public static final String ANY = "front or runtime";

    /** The front as a program of its own; the command writes nothing, or a line where it stands beside npm. */
    public static final String NATIVE = "native";

    /** The same; the command reads and writes 4 KiB. */
    public static final String NATIVE_STREAMS = "native, with streams";

    /** The same, by the start script. */
    public static final String SCRIPT_STREAMS = "start script, with streams";

    /** The same, by the start script, without the front. */
    public static final String JVM_STREAMS = "JVM client, with streams";

    /** A call without a hello, written by hand. */
    public static final String CALL = "call in C";

    /** One that ends at once, and has no libraries. */
    public static final String STATIC_PROCESS = "static process";

    /** Another such front. */
    public static final String NAILGUN = "nailgun";

    /** Written by a command. */
    public static final String OUT = "1 GiB of standard output through a pipe";

    /** Read by a command. */
    public static final String IN = "1 GiB of standard input through a pipe";

    /** The same without a daemon. */
    public static final String PLAIN_PROCESS = "head, wc";

    /** A whole command. */
    public static final String FORMAT = "google-java-format, one file";

    /** A whole command. */
    public static final String CLOSURE = "closure-compiler, two lines";

    /** A tool in a JVM of its own. */
    public static final String COLD_TOOL = "cold";

    /** The same by the script of a warm tool, which has a daemon started afterwards. */
    public static final String FIRST_TOOL = "first, by the script";

    /** A tool in a JVM of its own, with an archive of its classes and the first compiler alone. */
    public static final String CACHED_TOOL = "cold, with an archive";

    /** Compiled to a program. */
    public static final String NATIVE_TOOL = "native image";

    /** In a daemon. */
    public static final String WARM_TOOL = "warm";

    /** A daemon that has nothing to do, beside one other process of its runtime. */
    public static final String IDLE = "idle daemon, proportional set size";

    /** The same, beside none. */
    public static final String ALONE = "idle daemon alone, proportional set size";

    /** Threads that make blocking calls on one connection. */
    public static final List<Integer> THREADS = List.of(16, 64, 256);

    /** A call that takes and gives a record. */
    public static final String ITEMS = "calls with a record of eight fields";

    /** Bytes of a stream. */
    public static final String STREAM = "a stream of bytes";

    /** Without a stream that is not read. */
    public static final String FREE = "99th percentile of calls";

    /** With one. */
    public static final String STALLED = "99th percentile of calls beside a stream that is not read";

    private Rows() {}

    /** One of {@code Driver.QUANTILES} of single calls. */
    public static String quantile(String pin, double fraction) {
        return pin + ": " + String.format(Locale.ROOT, "%.1f", fraction * 100).replace(".0", "") + "th percentile";
    }

    /** The part of it before its first output. */
    public static String before(String row) {
        return row + ", until its first output";
    }

    /** Of one of the commands. */
    public static String faults(String row) {
        return row + ": page faults";
    }

    /** Of one of the commands. */
    public static String instructions(String row) {
        return row + ": instructions";
    }

    static String median(String pin) {
        return quantile(pin, .5);
    }

    /** Many calls outstanding. */
    public static String pipelined(String pin) {
        return pin + ": 64 outstanding";
    }

    /** Blocking calls of so many threads. */
    public static String threads(int count) {
        return count + " threads with blocking calls";
    }

    /** Texts of this size, there and back. */
    public static String size(int bytes) {
        return "messages of " + bytes(bytes);
    }

    /** In the unit that makes it short. */
    static String bytes(long bytes) {
        if (bytes >= 1 << 20) {
            return (bytes >> 20) + " MiB";
        }
        return bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " B";
    }

    /** What each of so many idle connections takes. */
    public static String perConnection(int count) {
        return "each of " + count(count) + " idle connections";
    }

    /** What the whole daemon takes. */
    public static String holding(int count) {
        return "daemon with " + count(count) + " idle connections";
    }

    /** Calls on all of them. */
    public static String calling(int count) {
        return "a call on each of " + count(count) + " connections";
    }

    /** One call after the other on one of them. */
    public static String one(int count) {
        return "calls one by one beside " + count(count) + " connections, median";
    }

    static String count(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
