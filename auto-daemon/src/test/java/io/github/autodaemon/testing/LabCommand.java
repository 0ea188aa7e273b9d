package io.github.autodaemon.testing;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A program that uses the {@link Lab}: {@code SOCKET [option=value...] VERB [WORD]}. */
public final class LabCommand {
    private LabCommand() {}

    /** Prints one line, or the failure, and ends. */
    public static void main(String[] words) throws IOException {
        AutoDaemonBuilder<Lab> lab = AutoDaemon.of(Lab.class, LabService.class);
        int i = 0;
        // The word "name" says that it is none, and may be anything.
        if (words[0].contains("/") && !words[1].equals("name")) {
            lab.socket(Path.of(words[0]));
        } else {
            lab.name(words[0].translateEscapes());
        }
        i++;
        while (words[i].contains("=")) {
            String value = words[i].substring(words[i].indexOf('=') + 1);
            switch (words[i].substring(0, words[i].indexOf('='))) {
                case "autoclose" -> lab.autoClose(true).linger(Duration.ofMillis(Long.parseLong(value)));
                case "args" -> lab.args(value);
                case "timeout" -> lab.timeout(Duration.ofMillis(Long.parseLong(value)));
                case "jvm" -> lab.jvmOptions(value);
                case "allowroot" -> lab.allowRoot(true);
                case "concurrent" -> lab.concurrent(Integer.parseInt(value));
                case "exclusive" -> lab.exclusive(true);
                case "debug" -> lab.debug(true);
                case "maxlog" -> lab.maxLog(Integer.parseInt(value));
                case "bare" -> lab.environment(java.util.Map.of());
                case "die" -> lab.onSpawn(process -> Runtime.getRuntime().halt(3));
                case "umask" -> lab.inheritUmask(value.equals("inherited"));
                case "off" -> lab.inProcess(true);
                case "locale" -> lab.environment(java.util.Map.of("LC_ALL", value));
                default -> throw new IllegalArgumentException(words[i]);
            }
            i++;
        }
        if (words[i].equals("hook")) {
            AutoDaemon<Lab> built = lab.build();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    System.out.println(run(built, "add", "1"));
                } catch (IOException | RuntimeException e) {
                    System.out.println(e);
                }
            }));
            return;
        }
        try {
            System.out.println(run(lab.build(), words[i], i + 1 < words.length ? words[i + 1] : ""));
        } catch (AutoDaemonException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static String run(AutoDaemon<Lab> lab, String verb, String word) throws IOException {
        if (verb.equals("status")) {
            return lab.status().map(DaemonStatus::toString).orElse("not running");
        }
        try (Connection<Lab> connection = lab.connect()) {
            return switch (verb) {
                case "add" -> Long.toString(connection.rpc().add(Long.parseLong(word)));
                case "print" -> connection.rpc().print(word);
                case "pid" -> Long.toString(connection.rpc().pid());
                case "wait" -> {
                    System.out.println("waiting");
                    yield connection.rpc().waitForGate();
                }
                case "stream" -> {
                    Duplex stream = connection.rpc().numbers(Integer.parseInt(word));
                    System.out.println("streaming " + stream.input().read());
                    yield Long.toString(stream.input().transferTo(java.io.OutputStream.nullOutputStream()));
                }
                case "flood" -> {
                    connection.rpc().flood(Integer.parseInt(word));
                    yield "flooded";
                }
                case "show", "name" -> "pid " + connection.rpc().pid();
                case "hold" -> {
                    System.out.println("pid " + connection.rpc().pid());
                    yield new java.util.concurrent.CompletableFuture<String>().join();
                }
                default -> throw new IllegalArgumentException(verb);
            };
        }
    }
}
