package io.github.autodaemon;

import io.github.autodaemon.internal.archive.Collector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

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
            + " --main CLASS [--subcommand WORD]... [--alone] [--jvm-option OPTION]... [--line LINE]... [--out FILE] JAR...\n"
            + "Relative paths are relative to the script. Each subcommand that is named gets an archive of its own. A LINE"
            + " of shell is run before the JVM; it may change $jvm, the options for a quick start. A command that is alone"
            + " has no daemon that could make its archives; a process in the background does.";

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

    /**
     * The thresholds let the compiler wait for what runs often: most of a short command never does. The one for loops is
     * above the 60,000 to 70,000 characters of the JDK's security settings, which the first Unix socket has it read.
     */
    private static final String QUICK = """
            jvm='-XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:Tier3InvocationThreshold=2000'
            jvm="$jvm -XX:Tier3MinInvocationThreshold=1000 -XX:Tier3CompileThreshold=2000"
            jvm="$jvm -XX:Tier3BackEdgeThreshold=100000"
            """;

    private static final String COLLECTORS = """
            # Which of the two starts sooner with an archive depends on the JVM; the seal of the archive says it.
            gc=-XX:+UseSerialGC
            g1='%s'
            # A JVM does not start with two.
            case "$JAVA_TOOL_OPTIONS $JDK_JAVA_OPTIONS $_JAVA_OPTIONS" in *-XX:+Use*GC*) gc= g1= ;; esac
            """.formatted(String.join(" ", Collector.G1.options()));

    private static final String OWN_COLLECTOR = """
            gc=
            g1=
            """;

    private static final String TAIL = """
            java=${JAVA_HOME:+$JAVA_HOME/bin/}java
            cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
            archives=$cache/auto-daemon$dir/${0##*/}/${java#/}
            # An archive that was changed after it was sealed is not used; without one the JVM lists what it loads, once.
            case $cache in
              /*)
                if [ -O "$archives/$name.jsa" ] && [ -e "$archives/$name.seal" ] &&
                  [ ! "$archives/$name.jsa" -nt "$archives/$name.seal" ]; then
                  set -- -XX:SharedArchiveFile="$archives/$name.jsa" -Dautodaemon.archive="$archives/$name" "$@"
                  [ -n "$jvm" ] && read -r seal 2>/dev/null <"$archives/$name.seal" && [ "$seal" = G1 ] && gc=$g1
                elif [ -d "$archives" ] || (umask 077 && mkdir -p -- "$archives") 2>/dev/null; then
                  set -- -Dautodaemon.archive="$archives/$name" "$@"
                  if ! [ -e "$archives/$name.classes" ]; then
                    set -- -XX:DumpLoadedClassList="$archives/$name.classes" "$@"
            """;

    private static final String ALONE = """
                    (
                      trap '' HUP INT TERM
                      sleep 3
                      exec nice "$java" $gc -cp "$cp" io.github.autodaemon.ArchiveMain "$archives"
                    ) </dev/null >/dev/null 2>&1 &
            """;

    private static final String END = """
                  fi
                fi
                ;;
            esac
            [ -d /proc/self ] && set -- -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider "$@"
            exec "$java" -Xshare:auto -Xlog:disable $gc $jvm "$@"
            """;

    private final String main;
    private final List<String> jars;
    private final List<String> jvmOptions;
    private final List<String> lines;
    private final List<String> subcommands;
    private final boolean alone;

    private StartScript(
            String main,
            List<String> jars,
            List<String> jvmOptions,
            List<String> lines,
            List<String> subcommands,
            boolean alone) {
        this.main = main;
        this.jars = jars;
        this.jvmOptions = jvmOptions;
        this.lines = lines;
        this.subcommands = subcommands;
        this.alone = alone;
    }

    /** Writes a script to standard output or to a file. */
    public static void main(String[] args) {
        String main = null;
        String out = null;
        List<String> jars = new ArrayList<>();
        List<String> options = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        List<String> subcommands = new ArrayList<>();
        boolean alone = false;
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--") && i + 1 == args.length && !args[i].equals("--alone")) {
                throw usage(args[i] + " needs a value");
            }
            switch (args[i]) {
                case "--main" -> main = args[++i];
                case "--jvm-option" -> options.add(args[++i]);
                case "--line" -> lines.add(args[++i]);
                case "--subcommand" -> subcommands.add(args[++i]);
                case "--alone" -> alone = true;
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
        String text = new StartScript(main, jars, options, lines, subcommands, alone).text();
        if (out == null) {
            System.out.print(text);
        } else {
            try {
                Path file = Path.of(out);
                Files.writeString(file, text);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            } catch (IOException | InvalidPathException e) {
                System.err.println("StartScript: the script cannot be written to " + out + ": " + e);
                System.exit(1);
            }
        }
    }

    private static RuntimeException usage(String mistake) {
        System.err.println("StartScript: " + mistake + "\n" + USAGE);
        System.exit(2);
        return new IllegalStateException(mistake);
    }

    private String text() {
        StringBuilder text = new StringBuilder(HEAD);
        text.append(QUICK);
        text.append(jvmOptions.stream().anyMatch(Collector::isNamedBy) ? OWN_COLLECTOR : COLLECTORS);
        for (String line : lines) {
            text.append(line).append('\n');
        }
        text.append("name=command\n");
        if (!subcommands.isEmpty()) {
            text.append("case ${1-} in ");
            for (int i = 0; i < subcommands.size(); i++) {
                text.append(i == 0 ? "" : " | ").append(quoted(subcommands.get(i)));
            }
            text.append(") name=command-$1 ;; esac\n");
        }
        text.append("cp=");
        for (int i = 0; i < jars.size(); i++) {
            text.append(i == 0 ? "" : ":").append(path(jars.get(i)));
        }
        text.append("\nset -- -cp \"$cp\" ").append(quoted(main)).append(" \"$@\"\n");
        if (!jvmOptions.isEmpty()) {
            text.append("set --");
            for (String option : jvmOptions) {
                text.append(' ').append(quoted(option));
            }
            text.append(" \"$@\"\n");
        }
        return text.append(TAIL).append(alone ? ALONE : "").append(END).toString();
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
