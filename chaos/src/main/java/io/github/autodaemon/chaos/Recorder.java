package io.github.autodaemon.chaos;

import io.github.autodaemon.internal.startup.StartScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One command: a start script with an order, seen from outside. The script runs the front if it finds a stamp, and this
 * class in a JVM otherwise, which writes the stamp. What the process says at its end goes to the driver's journal.
 */
final class Recorder implements Runnable {
    /** What the service answers instead of {@link #JVM} when the order came by itself. */
    static final String FRONT = "front";

    private static final String JVM = "jvm";

    private final Order order;
    private final Process process;
    private final Lines journal;
    private final long began = System.nanoTime();

    Recorder(Order order, Process process, Lines journal) {
        this.order = order;
        this.process = process;
        this.journal = journal;
    }

    /** The client of a command in a JVM. */
    public static void main(String[] args) {
        Order order = Order.parse(args[0]);
        System.exit(
                order.setting().daemon(order.version(), order.timeoutMillis()).run(args[0], JVM));
    }

    /** Writes the start script of a version. */
    static void writeScript(Setting setting, String version) {
        List<String> words = new ArrayList<>(List.of(
                "--main",
                Recorder.class.getName(),
                "--out",
                setting.script(version).toString()));
        for (String element : System.getProperty("java.class.path").split(":", -1)) {
            words.add(Path.of(element).toAbsolutePath().toString());
        }
        StartScript.main(words.toArray(new String[0]));
    }

    /** Starts it; {@code front} is whether the script may run the front. */
    static Process start(Order order, boolean front) throws IOException {
        Setting setting = order.setting();
        ProcessBuilder builder =
                new ProcessBuilder(setting.script(order.version()).toString(), order.text());
        builder.redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", setting.cache().toString());
        if (!front) {
            builder.environment().put("AUTODAEMON_FRONT", "off");
        }
        return builder.start();
    }

    @Override
    public void run() {
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int code = process.onExit().join().exitValue();
            List<String> lines = Arrays.asList(said.split("\n", -1));
            // Before the answer a JVM may say which daemon it replaces.
            String answer = code == 0 ? lines.get(lines.size() - 1) : said;
            journal.add("exited " + order.id() + " " + began + " " + System.nanoTime() + " " + process.pid() + " "
                    + code + " " + answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            journal.close();
        }
    }
}
