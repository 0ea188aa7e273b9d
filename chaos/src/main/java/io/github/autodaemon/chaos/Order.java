package io.github.autodaemon.chaos;

import java.nio.file.Path;

/**
 * What one client is to do: connect, call, use a stream, perhaps tell the daemon to leave, disconnect.
 *
 * @param id unique in the run
 * @param setting where
 * @param version of the service; a daemon of the other one is replaced
 * @param timeoutMillis of the connect
 * @param calls how many
 * @param slowMillis how long each second call takes in the service
 * @param pauseMillis between two calls
 * @param streamBytes through the echo; none when 0
 * @param leave whether the daemon is told to leave, after the calls
 */
record Order(
        String id,
        Setting setting,
        String version,
        int timeoutMillis,
        int calls,
        int slowMillis,
        int pauseMillis,
        int streamBytes,
        boolean leave) {
    private static final String SEPARATOR = "\t";

    String text() {
        return String.join(
                SEPARATOR,
                id,
                setting.home().toString(),
                Integer.toString(setting.lingerMillis()),
                Boolean.toString(setting.exclusive()),
                version,
                Integer.toString(timeoutMillis),
                Integer.toString(calls),
                Integer.toString(slowMillis),
                Integer.toString(pauseMillis),
                Integer.toString(streamBytes),
                Boolean.toString(leave));
    }

    static Order parse(String text) {
        String[] words = text.split(SEPARATOR, -1);
        return new Order(
                words[0],
                new Setting(Path.of(words[1]), Integer.parseInt(words[2]), Boolean.parseBoolean(words[3])),
                words[4],
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                Integer.parseInt(words[8]),
                Integer.parseInt(words[9]),
                Boolean.parseBoolean(words[10]));
    }

    /** The id of the first call, which is the only one of a command. */
    String call() {
        return id + ".0";
    }

    /** In the log. */
    String summary() {
        return id + " (" + version + ", " + timeoutMillis + " ms, " + calls + " calls"
                + (slowMillis > 0 ? ", slow " + slowMillis : "")
                + (streamBytes > 0 ? ", stream " + streamBytes : "")
                + (leave ? ", leave" : "") + ")";
    }
}
