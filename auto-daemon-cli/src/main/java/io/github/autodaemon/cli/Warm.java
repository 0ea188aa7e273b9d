package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.warm.Check;
import io.github.autodaemon.warm.WarmTools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "warm",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "autod warm add NAME [--out DIR] [--java-home DIR] [--ci] -- java [OPTION]... -jar FILE",
            "autod warm check NAME [--runs N] [-- ARGUMENT...]",
            "autod warm list",
            "autod warm why NAME",
            "autod warm remove NAME"
        },
        description = {
            "Keeps a Java tool warm: its commands run in a daemon, as quickly as if the JVM had been running for long.",
            "add writes the command NAME; check runs one cold and others warm, in copies of this directory, and compares"
                    + " output, exit code and files; list shows the tools and their daemons; why says why a command last"
                    + " ran cold; remove deletes the command."
        })
final class Warm extends Printing {
    @Parameters(index = "0", paramLabel = "ACTION", description = "add, check, list, why or remove.")
    private String action = "";

    @Parameters(index = "1..*", paramLabel = "WORD", description = "The tool's name, and what belongs to the action.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Where add writes the command (default: ~/.local/bin).")
    private @Nullable Path out;

    @Option(names = "--java-home", paramLabel = "DIR", description = "The Java installation that runs the tool.")
    private @Nullable Path javaHome;

    @Option(names = "--ci", description = "Keep it warm where CI=true, too.")
    private boolean inCi;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many warm commands check runs (default: ${DEFAULT-VALUE}).")
    private int runs = 20;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            return switch (action) {
                case "add" -> add();
                case "check" -> check();
                case "list" -> list();
                case "why" -> why();
                case "remove" -> remove();
                default -> throw wrong("\"" + action + "\" is none of add, check, list, why and remove");
            };
        } catch (IllegalArgumentException e) {
            throw new Stopped(Autod.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private String name(boolean alone) {
        if (words.isEmpty()) {
            throw wrong("name the tool: autod warm " + action + " NAME");
        }
        if (alone && words.size() > 1) {
            throw wrong("one tool at a time: \"" + words.get(1) + "\" is too much");
        }
        return words.get(0);
    }

    private List<String> rest() {
        return words.subList(1, words.size());
    }

    private int add() throws IOException {
        Path script = WarmTools.add(name(false), out, javaHome, inCi, rest());
        if (json()) {
            Output.json(JsonText.of(Map.of("script", script.toString()), false));
            return Autod.DONE;
        }
        Output.print("wrote " + script);
        Path directory = script.getParent();
        if (directory != null
                && !List.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .contains(directory.toString())) {
            Output.print(directory + " is not on your PATH");
        }
        return Autod.DONE;
    }

    private int check() throws IOException, InterruptedException {
        if (runs < 1) {
            throw wrong("--runs must be at least 1, not " + runs);
        }
        String name = name(false);
        Check.Outcome outcome = Check.run(name, Path.of("").toAbsolutePath(), rest(), runs);
        String difference = outcome.difference();
        long cold = outcome.cold().toMillis();
        long warm = Check.median(outcome.warm()).toMillis();
        if (json()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("warm", difference == null);
            map.put("difference", difference);
            map.put("equal", outcome.equal());
            map.put("coldMillis", cold);
            map.put(
                    "warmMillis",
                    outcome.warm().stream().map(Duration::toMillis).toList());
            map.put("console", outcome.console());
            Output.json(JsonText.of(map, false));
            return difference == null ? Autod.DONE : Autod.FAILED;
        }
        if (difference != null) {
            Output.print(name + " should not be kept warm for such commands: after " + outcome.equal()
                    + " that were equal, this differed or stood in the way: " + difference);
            return Autod.FAILED;
        }
        Output.print(name + " can be kept warm: " + outcome.equal()
                + " warm commands wrote the same output and the same files as the cold one, with the same exit code; "
                + cold + " ms cold, " + warm + " ms warm (median)");
        if (outcome.console()) {
            Output.print("it looks at the console, so it runs cold where both its input and output are a terminal");
        }
        return Autod.DONE;
    }

    private int list() throws IOException {
        if (!words.isEmpty()) {
            throw wrong("list takes no name: \"" + words.get(0) + "\"");
        }
        List<WarmTools.Warm> tools = WarmTools.list(Which.PATIENCE);
        if (json()) {
            Output.json(JsonText.of(tools.stream().map(Warm::json).toList(), false));
            return Autod.DONE;
        }
        if (tools.isEmpty()) {
            Output.print("no tool is kept warm; `autod warm add` begins it");
        }
        for (WarmTools.Warm tool : tools) {
            Output.print(tool.name() + "  " + tool.script() + "  " + tool.command());
            for (Daemon daemon : tool.daemons()) {
                StringBuilder line = new StringBuilder("  pid ");
                line.append(daemon.pid().isPresent() ? daemon.pid().getAsLong() : 0);
                daemon.status().ifPresent(status -> {
                    line.append(", ").append(status.details().answered()).append(" commands");
                    status.details().leavesIn().ifPresent(left -> line.append(", leaves in ")
                            .append(Shown.time(left)));
                });
                line.append(", in ").append(WarmTools.directory(daemon));
                Output.print(line.toString());
            }
        }
        return Autod.DONE;
    }

    private static Map<String, @Nullable Object> json(WarmTools.Warm tool) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", tool.name());
        map.put("script", tool.script().toString());
        map.put("command", tool.command());
        map.put("daemons", tool.daemons().stream().map(DaemonJson::of).toList());
        return map;
    }

    private int why() throws IOException {
        String name = name(true);
        Optional<List<String>> why = WarmTools.why(name, Which.PATIENCE);
        if (json()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("at", why.map(lines -> lines.get(0)).orElse(null));
            map.put("directory", why.map(lines -> lines.get(1)).orElse(null));
            map.put("why", why.map(lines -> lines.get(2)).orElse(null));
            Output.json(JsonText.of(map, false));
        } else if (why.isEmpty()) {
            Output.print("no command of " + name + " has run cold, as far as is known");
        } else {
            List<String> lines = why.get();
            Output.print(Shown.when(java.time.Instant.parse(lines.get(0))) + "  " + lines.get(1) + "  " + lines.get(2));
        }
        return Autod.DONE;
    }

    private int remove() throws IOException {
        WarmTools.Warm tool = WarmTools.remove(name(true), Which.PATIENCE);
        if (json()) {
            Output.json(JsonText.of(Map.of("script", tool.script().toString()), false));
        } else {
            Output.print("removed " + tool.script());
        }
        return Autod.DONE;
    }
}
