package io.github.autodaemon.examples.notes;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the command line asks for, of a user in {@code directory}. {@code words} are what follows the command.
 */
record NotesArguments(
        Path directory, Optional<Path> socket, Path index, boolean debug, Command command, List<String> words) {
    static final String USAGE =
            "usage: notes [--socket PATH] [--index DIR] [--debug] index DIR | find WORDS... | follow | close";

    enum Command {
        INDEX,
        FIND,
        FOLLOW,
        CLOSE
    }

    /** The command line makes no sense. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static NotesArguments parse(String... args) throws UsageException {
        return parse(Path.of("").toAbsolutePath(), args);
    }

    static NotesArguments parse(Path directory, String... args) throws UsageException {
        Optional<Path> socket = Optional.empty();
        Optional<Path> chosen = Optional.empty();
        boolean debug = false;
        int i = 0;
        while (i < args.length && args[i].startsWith("--")) {
            switch (args[i]) {
                case "--socket" -> socket = Optional.of(path(args, i++));
                case "--index" -> chosen = Optional.of(path(args, i++));
                case "--debug" -> debug = true;
                default -> throw new UsageException("there is no option " + args[i]);
            }
            i++;
        }
        if (i == args.length) {
            throw new UsageException("no command was given");
        }
        Command command = command(args[i]);
        List<String> words = List.of(args).subList(i + 1, args.length);
        check(directory, command, words);

        Path index = chosen.isPresent() ? directory.resolve(chosen.get()).normalize() : defaultIndex();
        if (Files.exists(index) && !Files.isDirectory(index)) {
            throw new UsageException("the index " + index + " is not a directory");
        }
        return new NotesArguments(directory, socket, index, debug, command, words);
    }

    /** An index has one daemon, and a daemon one index. */
    AutoDaemon<Notes> daemon() {
        AutoDaemonBuilder<Notes> daemon = AutoDaemon.of(Notes.class, NotesService.class)
                .name("notes " + index)
                .args(index.toString())
                .exclusive(true)
                .debug(debug);
        socket.ifPresent(daemon::socket);
        return daemon.build();
    }

    private static Command command(String name) throws UsageException {
        for (Command command : Command.values()) {
            if (name.equals(command.name().toLowerCase(Locale.ROOT))) {
                return command;
            }
        }
        throw new UsageException("there is no command \"" + name + "\"");
    }

    private static void check(Path directory, Command command, List<String> words) throws UsageException {
        int taken =
                switch (command) {
                    case INDEX -> {
                        if (words.isEmpty()) {
                            throw new UsageException("index needs a folder");
                        }
                        if (!Files.isDirectory(directory.resolve(path(words.get(0))))) {
                            throw new UsageException("there is no folder " + words.get(0));
                        }
                        yield 1;
                    }
                    case FIND -> {
                        if (String.join("", words).isBlank()) {
                            throw new UsageException("find needs words");
                        }
                        yield words.size();
                    }
                    case FOLLOW, CLOSE -> 0;
                };
        if (words.size() > taken) {
            throw new UsageException("\"" + words.get(taken) + "\" is one argument too many");
        }
    }

    private static Path path(String[] args, int option) throws UsageException {
        if (option + 1 == args.length) {
            throw new UsageException(args[option] + " needs a path");
        }
        return path(args[option + 1]);
    }

    private static Path path(String text) throws UsageException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("\"" + text + "\" is no path here: " + e.getReason());
        }
    }

    /** In the user's cache, by the XDG Base Directory Specification. */
    private static Path defaultIndex() {
        String configured = System.getenv("XDG_CACHE_HOME");
        boolean usable = configured != null && configured.startsWith("/");
        Path cache = usable ? Path.of(configured) : Path.of(System.getProperty("user.home"), ".cache");
        return cache.resolve("auto-daemon-notes");
    }

    /** The folder of {@code index}; the daemon has another working directory. */
    Path folder() throws IOException {
        return directory.resolve(words.get(0)).toRealPath();
    }

    String query() {
        return String.join(" ", words);
    }
}
