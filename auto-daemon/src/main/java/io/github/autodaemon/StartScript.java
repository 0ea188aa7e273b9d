package io.github.autodaemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the start script of a command, so that it is as quick as it can be: the options for a JVM that lives for a moment,
 * and an archive of the classes that it loads, which the command's daemon makes after the first run.
 *
 * <pre>
 * java -cp auto-daemon.jar io.github.autodaemon.StartScript --main com.example.Main lib/app.jar lib/auto-daemon.jar lib/gson.jar &gt; app
 * </pre>
 */
final class StartScript {
    private static final String USAGE = "usage: java -cp auto-daemon.jar " + StartScript.class.getName()
            + " --main CLASS [--jvm-option OPTION]... [--unless FILE --run COMMAND] [--out FILE] JAR...\n"
            + "Relative paths are relative to the script.";

    /** The text between the parts that differ from script to script. */
    private static final String HEAD = """
            #!/bin/sh
            # Written by io.github.autodaemon.StartScript.
            case $0 in
              */*) dir=${0%/*} ;;
              *) dir=. ;;
            esac
            [ -L "$0" ] && dir=$(dirname -- "$(readlink -f -- "$0")")
            # The archive is for one class path, to the letter.
            case $dir in
              /*) ;;
              .) dir=$PWD ;;
              *) dir=$(CDPATH='' cd -- "$dir" && pwd) ;;
            esac
            """;

    private static final String TAIL = """
            java=${JAVA_HOME:+$JAVA_HOME/bin/}java
            case $java in
              /*) ;;
              *) java=/$java ;;
            esac
            archives=${XDG_CACHE_HOME:-${HOME:-}/.cache}/auto-daemon$dir/${0##*/}$java
            java=${JAVA_HOME:+$JAVA_HOME/bin/}java
            # An archive that was changed after it was sealed is not used; without one the JVM lists what it loads, once.
            if [ -O "$archives/command.jsa" ] && [ -e "$archives/command.seal" ] &&
              [ ! "$archives/command.jsa" -nt "$archives/command.seal" ]; then
              set -- -XX:SharedArchiveFile="$archives/command.jsa" -Dautodaemon.archives="$archives" "$@"
            elif [ -d "$archives" ] || (umask 077 && mkdir -p -- "$archives") 2>/dev/null; then
              [ -e "$archives/command.classes" ] || set -- -XX:DumpLoadedClassList="$archives/command.classes" "$@"
              set -- -Dautodaemon.archives="$archives" "$@"
            fi
            [ -d /proc/self ] && set -- -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider "$@"
            """;

    private final String main;
    private final List<String> jars;
    private final List<String> jvmOptions;
    private final @Nullable String unless;
    private final @Nullable String run;

    private StartScript(
            String main, List<String> jars, List<String> jvmOptions, @Nullable String unless, @Nullable String run) {
        this.main = main;
        this.jars = jars;
        this.jvmOptions = jvmOptions;
        this.unless = unless;
        this.run = run;
    }

    /** Writes a script to standard output or to a file. */
    public static void main(String[] args) throws IOException {
        String main = null;
        String unless = null;
        String run = null;
        String out = null;
        List<String> jars = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--") && i + 1 == args.length) {
                throw usage(args[i] + " needs a value");
            }
            switch (args[i]) {
                case "--main" -> main = args[++i];
                case "--jvm-option" -> options.add(args[++i]);
                case "--unless" -> unless = args[++i];
                case "--run" -> run = args[++i];
                case "--out" -> out = args[++i];
                default -> {
                    if (args[i].startsWith("-")) {
                        throw usage("there is no option " + args[i]);
                    }
                    jars.add(args[i]);
                }
            }
        }
        if (main == null || jars.isEmpty()) {
            throw usage(main == null ? "the main class is missing" : "the jars are missing");
        }
        if ((unless == null) != (run == null)) {
            throw usage("--unless and --run go together");
        }
        String text = new StartScript(main, jars, options, unless, run).text();
        if (out == null) {
            System.out.print(text);
        } else {
            Path file = Path.of(out);
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static RuntimeException usage(String mistake) {
        System.err.println("StartScript: " + mistake + "\n" + USAGE);
        System.exit(2);
        return new IllegalStateException(mistake);
    }

    private String text() {
        StringBuilder text = new StringBuilder(HEAD);
        if (unless != null && run != null) {
            text.append("[ -e ").append(path(unless)).append(" ] || (cd \"$dir\" && ");
            text.append(run).append(") </dev/null >&2 || exit 1\n");
        }
        text.append("set -- -cp ");
        for (int i = 0; i < jars.size(); i++) {
            text.append(i == 0 ? "" : ":").append(path(jars.get(i)));
        }
        text.append(' ').append(quoted(main)).append(" \"$@\"\n");
        if (!jvmOptions.isEmpty()) {
            text.append("set --");
            for (String option : jvmOptions) {
                text.append(' ').append(quoted(option));
            }
            text.append(" \"$@\"\n");
        }
        text.append(TAIL);
        return text.append("exec \"$java\" -Xshare:auto -Xlog:disable -XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
                .append(" -XX:-UsePerfData \\\n")
                .append("  -XX:Tier3InvocationThreshold=2000 -XX:Tier3MinInvocationThreshold=1000")
                .append(" -XX:Tier3CompileThreshold=2000 \"$@\"\n")
                .toString();
    }

    private static String path(String path) {
        return path.startsWith("/") ? quoted(path) : "\"$dir\"/" + quoted(path);
    }

    /** For sh(1); what needs no quotes has none. */
    private static String quoted(String text) {
        boolean plain = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain &= Character.isLetterOrDigit(c) || "/._-:=+,@".indexOf(c) >= 0;
        }
        return plain ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
