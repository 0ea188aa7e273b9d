package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** Which daemon is meant. */
final class Which {
    /** A daemon that is well answers in milliseconds; a busy machine needs some more. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private Which() {}

    /** The daemon that an argument, or an option with a path, means; there need not be one. */
    static Daemon daemon(@Nullable String name, @Nullable Path socket, Function<String, ParameterException> wrong) {
        return Daemons.at(socket(name, socket, wrong), PATIENCE);
    }

    /** Its socket. */
    static Path socket(@Nullable String name, @Nullable Path socket, Function<String, ParameterException> wrong) {
        if ((name == null) == (socket == null)) {
            throw wrong.apply(name == null ? "say which daemon: NAME or --socket PATH" : "NAME or --socket, not both");
        }
        return socket != null ? socket : socket(name == null ? "" : name, wrong);
    }

    /** A name that is none is a path: both are written without an option. */
    static Path socket(String name, Function<String, ParameterException> wrong) {
        if (name.indexOf('/') >= 0) {
            return path(name, wrong);
        }
        List<Path> exact = new ArrayList<>();
        List<Path> meant = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        for (Path known : Daemons.known()) {
            String other = Names.of(known);
            names.add(Names.shown(other));
            if (other.equals(name)) {
                exact.add(known);
            } else if (Names.canMean(name, other)) {
                meant.add(known);
            }
        }
        List<Path> candidates = exact.isEmpty() ? meant : exact;
        if (candidates.size() > 1) {
            candidates = narrowed(name, candidates);
        }
        if (candidates.size() > 1) {
            StringBuilder text = new StringBuilder("\"" + name + "\" can mean any of these; name its socket:");
            candidates.forEach(candidate -> text.append("\n  ").append(Output.clean(candidate.toString())));
            throw new Stopped(Autod.USED_WRONGLY, text.toString());
        }
        if (candidates.isEmpty()) {
            List<String> near = Names.near(name, names);
            throw new Stopped(
                    Autod.NOT_RUNNING,
                    "no daemon \"" + name + "\" is known; "
                            + (near.isEmpty() ? "" : "did you mean " + String.join(" or ", near) + "? ")
                            + (names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names)));
        }
        return candidates.get(0);
    }

    /** Of several, those that run; if none does, the one in the default directory. */
    private static List<Path> narrowed(String name, List<Path> candidates) {
        List<Path> running = new ArrayList<>();
        for (Daemon daemon : Daemons.list()) {
            if (candidates.contains(daemon.socket()) && daemon.isRunning() && !running.contains(daemon.socket())) {
                running.add(daemon.socket());
            }
        }
        Path usual = Daemons.socketOf(name);
        return !running.isEmpty() ? running : candidates.contains(usual) ? List.of(usual) : candidates;
    }

    static Path path(String text, Function<String, ParameterException> wrong) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw wrong.apply("\"" + text + "\" is no path here: " + e.getReason());
        }
    }
}
