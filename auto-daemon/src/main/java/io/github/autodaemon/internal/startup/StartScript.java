package io.github.autodaemon.internal.startup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the start script of a command for the shortest start: the options for a short-lived JVM, and an archive of the
 * classes that it loads, which the command's daemon makes after the first run.
 *
 * <pre>
 * java -cp auto-daemon.jar io.github.autodaemon.internal.startup.StartScript --main com.example.Main lib/app.jar lib/auto-daemon.jar lib/gson.jar &gt; app
 * </pre>
 */
public final class StartScript {
    private static final String USAGE = "usage: java -cp auto-daemon.jar " + StartScript.class.getName()
            + " --main CLASS [--subcommand WORD]... [--alone] [--jvm-option OPTION]... [--line LINE]... [--daemon-option OPTION]... [--cold WORD]..."
            + " [--out FILE [--native FILE]] JAR...\n"
            + "Relative paths are relative to the script. Each subcommand that is named gets an archive of its own. A LINE"
            + " of shell is run before the JVM; it may change $jvm, the options for a quick start. A command that is alone"
            + " has no daemon that could make its archives; a process in the background does. Without --out the script is"
            + " printed, and whether the jars are there is not looked at.\n"
            + "An argument that chooses the daemon is a daemon option: --flag, or --name= if it has a value, which has to"
            + " be an absolute path. A command with a cold WORD among its arguments always runs in a JVM. With --native a"
            + " native program is written, too, which needs no shell; the script is its fallback.";

    /**
     * Finds the script's own path. A name may end in a newline, which a substitution takes away, or be a dash; a JVM
     * splits its class path at colons; and a script that a shell has found by its own search would take a file in the
     * working directory.
     */
    private static final String HEAD = """
            #!/bin/sh
            # Written by io.github.autodaemon.internal.startup.StartScript.
            refuse() {
              printf '%s\\n' "${0##*/}: $1" >&2
              exit 2
            }
            case $0 in
              */*) self=$0 ;;
              *) self=./$0 ;;
            esac
            [ -f "$self" ] || refuse "it is not at $self; run it by its path"
            if [ -L "$self" ]; then
              self=$(readlink -f -- "$self" && echo /) || refuse "the link $0 leads nowhere"
              self=${self%??}
            fi
            dir=${self%/*}
            # The archive is for one class path, to the letter.
            case $dir in
              '' | /*) ;;
              .) dir=$PWD ;;
              *) dir=$(cd -P "./$dir" && printf '%s/' "$PWD") || refuse "the directory $dir cannot be entered" ;;
            esac
            dir=${dir%/}
            case $dir in *:*) refuse "it lies in $dir, and a class path is split at colons; move it" ;; esac
            """;

    /**
     * The thresholds let the compiler wait for frequently run code: most code of a short command is not. The threshold
     * for loops is above the 60,000 to 70,000 characters of the JDK's security settings, which the JDK reads for the
     * first Unix socket.
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

    /**
     * Finds the directory of this program's archives, and looks whether the directories from $base down to it, as far as
     * there are any, are this user's, and no links.
     */
    private static final String PLACES = """
            java=${JAVA_HOME:+$JAVA_HOME/bin/}java
            base=${XDG_CACHE_HOME:-${HOME-}}
            root=${XDG_CACHE_HOME:-${HOME-}/.cache}/auto-daemon
            archives=$root$dir/${self##*/}/${java#/}
            for path in base root archives; do
              eval "value=\\$$path"
              while :; do case $value in *//*) value=${value%%//*}/${value#*//} ;; *) break ;; esac; done
              eval "$path=\\${value%/}"
            done
            held=/proc/self/fd/7
            # Whether the directories from $base down to $archives, as far as there are any, are this user's, and no links.
            own() {
              path=$archives
              while [ -n "$path" ] && [ ! -L "$path" ]; do
                [ -O "$path" ] || [ ! -e "$path" ] || return
                [ "$path" != "$base" ] || return 0
                path=${path%/*}
              done
              return 1
            }
            """;

    /**
     * Runs the front if there is a stamp. It carries the sticky bit, and is opened once, as archives are. The front runs
     * this script again when it is in doubt.
     */
    private static final String FRONT = """
            case ${AUTODAEMON_FRONT-} in
              '')
                if [ -n "$stamp" ] && [ -f "$stamp" ] && [ ! -e $held ] && own &&
                  { command exec 7<"$archives/front"; } 2>/dev/null; then
                  [ -f $held ] && [ -O $held ] && [ -k $held ] && exec $held "$stamp" "$self" "$@"
                  exec 7<&-
                fi
                ;;
              cold) unset AUTODAEMON_FRONT ;;
              *) stamp= ;;
            esac
            """;

    private static final String LOCALE = """
            # In the C locale a JVM finds no file whose name is not ASCII.
            case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
              '' | C | POSIX)
                [ -n "${LC_ALL-}" ] && LC_ALL=C.UTF-8
                LC_CTYPE=C.UTF-8
                export LC_CTYPE
                ;;
            esac
            """;

    /** A check of file modes takes other programs, so it is done only for users without an archive yet. */
    private static final String SAFETY = """
            # Whether the directory and all above it are this user's or root's, and none else writes to them. What /proc/self
            # belongs to is this user; in a sticky directory, such as /tmp, nobody moves what is another's.
            kept() {
              path=$1 user=
              set -- / /proc/self/.
              while [ -n "$path" ]; do
                set -- "$@" "$path"
                path=${path%/*}
              done
              listed=$(LC_ALL=C TIME_STYLE=locale ls -ldn -- "$@" 2>/dev/null) || return
              for look in user all; do
                while read -r mode links owner group size month day time path; do
                  case $look$path in
                    user/proc/self/.) [ "${user:=$owner}" = "$owner" ] || return ;;
                    user*) ;;
                    *)
                      [ "$owner" = "$user" ] || [ "$owner" = 0 ] || return
                      case $mode$path in
                        d????-??-*) ;;
                        d????????[tT]*"$base" | d????????[tT]*"$base/"*) return 1 ;;
                        d????????[tT]*) ;;
                        *) return 1 ;;
                      esac
                      ;;
                  esac
                done <<EOF
            $listed
            EOF
              done
            }
            # Whether nobody else can change or replace $archives; what is missing of it is made.
            safe() {
              own || return
              above=${base%/*}
              path=$above
              while [ -n "$path" ] && [ ! -L "$path" ]; do path=${path%/*}; done
              if [ -n "$path" ]; then
                # A link above is the system's, such as a /home; the JVM is given none.
                real=$(cd -P "$above/" 2>/dev/null && printf '%s/' "$PWD") || return
                archives=${real%/}${archives#"$above"}
                root=${real%/}${root#"$above"}
                base=${real%/}${base#"$above"}
                above=${real%/}
              fi
              set --
              path=$archives
              while [ "$path" != "$above" ] && [ ! -d "$path" ]; do
                set -- "$path" "$@"
                path=${path%/*}
              done
              kept "$path" && { [ $# -eq 0 ] || mkdir -m 700 -- "$@" 2>/dev/null; }
            }
            """;

    /**
     * The maker's files carry the sticky bit, which no other user can set on a file of this user. The file is opened
     * once, and the opened file is checked and mapped, so that changing its name meanwhile has no effect.
     */
    private static final String TAIL = """
            # An archive that was changed after it was sealed is not used; without one the JVM lists what it loads, once.
            if [ -z "$base" ] || [ "${base#/}" = "$base" ] || [ ! -d /proc/self/fd ] || [ -e $held ]; then
              :
            elif own && [ -f "$archives/$name.jsa" ] && [ -f "$archives/$name.seal" ] &&
              { command exec 7<"$archives/$name.jsa"; } 2>/dev/null && [ -f $held ] && [ -O $held ] && [ -k $held ] &&
              [ ! $held -nt "$archives/$name.seal" ]; then
              set -- -XX:SharedArchiveFile=$held -Dautodaemon.archives="$root" -Dautodaemon.archive="$archives/$name" "$@"
              [ -n "$stamp" ] && set -- -Dautodaemon.stamp="$archives/${stamp##*/}" "$@"
              [ -n "$jvm" ] && read -r seal 2>/dev/null <"$archives/$name.seal" && [ "$seal" = G1 ] && gc=$g1
            else
              exec 7<&-
              if safe; then
                set -- -Dautodaemon.archives="$root" -Dautodaemon.archive="$archives/$name" "$@"
                [ -n "$stamp" ] && set -- -Dautodaemon.stamp="$archives/${stamp##*/}" "$@"
                if [ ! -e "$archives/$name.classes" ] && [ ! -L "$archives/$name.classes" ]; then
                  set -- -XX:DumpLoadedClassList="$archives/$name.classes" "$@"
            """;

    private static final String ALONE = """
                    (
                      trap '' HUP INT TERM
                      sleep 3
                      exec nice "$java" $gc -cp "$cp" io.github.autodaemon.internal.startup.ArchiveMain "$archives" "$root"
                    ) </dev/null >/dev/null 2>&1 &
            """;

    private static final String END = """
                fi
              fi
            fi
            [ -d /proc/self ] && set -- -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider "$@"
            exec "$java" -Xshare:auto -Xlog:disable $gc $jvm -Dautodaemon.name="${self##*/}" "$@"
            """;

    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    /** MAX_ARG_STRLEN of Linux, execve(2), without the zero at the end. */
    private static final int MAX_ARGUMENT = 128 * 1024 - 1;

    private final String main;
    private final List<String> jars;
    private final List<String> jvmOptions;
    private final List<String> lines;
    private final List<String> subcommands;
    private final List<String> daemonOptions;
    private final List<String> cold;
    private final boolean alone;

    private StartScript(
            String main,
            List<String> jars,
            List<String> jvmOptions,
            List<String> lines,
            List<String> subcommands,
            List<String> daemonOptions,
            List<String> cold,
            boolean alone) {
        this.main = main;
        this.jars = jars;
        this.jvmOptions = jvmOptions;
        this.lines = lines;
        this.subcommands = subcommands;
        this.daemonOptions = daemonOptions;
        this.cold = cold;
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
        List<String> daemonOptions = new ArrayList<>();
        List<String> cold = new ArrayList<>();
        String program = null;
        boolean alone = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--help", "-h" -> {
                    System.out.println(USAGE);
                    return;
                }
                case "--main" -> main = value(args, ++i);
                case "--jvm-option" -> options.add(value(args, ++i));
                case "--line" -> lines.add(value(args, ++i));
                case "--subcommand" -> subcommands.add(value(args, ++i));
                case "--daemon-option" -> daemonOptions.add(value(args, ++i));
                case "--cold" -> cold.add(value(args, ++i));
                case "--native" -> program = value(args, ++i);
                case "--alone" -> alone = true;
                case "--out" -> out = value(args, ++i);
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
        for (String word : subcommands) {
            if (word.isEmpty() || word.indexOf('/') >= 0) {
                throw usage("a subcommand cannot be named \"" + word + "\"; a file is named after it");
            }
        }
        if (program != null && out == null) {
            throw usage("--native needs --out, the script that the program falls back to");
        }
        String mistake = mistakeIn(main, jars, out);
        if (mistake != null) {
            throw usage(mistake);
        }
        StartScript script = new StartScript(main, jars, options, lines, subcommands, daemonOptions, cold, alone);
        String text = script.text();
        if (out == null) {
            System.out.print(text);
        } else {
            try {
                Path file = Path.of(out);
                Files.writeString(file, text);
                Files.setPosixFilePermissions(file, EXECUTABLE);
                if (program != null) {
                    Path made = Path.of(program).toAbsolutePath();
                    Files.deleteIfExists(made);
                    Files.write(made, Front.with(script.settings(made, file.toAbsolutePath())));
                    Files.setPosixFilePermissions(made, EXECUTABLE);
                }
            } catch (IOException | InvalidPathException e) {
                System.err.println("StartScript: the script cannot be written to " + out + ": " + e);
                System.exit(1);
            }
        }
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw usage(args[i - 1] + " needs a value");
        }
        return args[i];
    }

    /**
     * Null when there is no mistake, or when it cannot be known: the script's place is known when it is written there.
     */
    private static @Nullable String mistakeIn(String main, List<String> jars, @Nullable String out) {
        try {
            Path script = out == null ? null : Path.of(out).toAbsolutePath();
            Path directory = script == null ? null : script.getParent();
            boolean isKnown = directory != null && Files.isDirectory(directory);
            boolean found = false;
            long length = 0;
            for (String name : jars) {
                if (name.indexOf(':') >= 0) {
                    return "a class path is split at colons: " + name;
                }
                Path jar = isKnown && directory != null ? directory.resolve(name) : Path.of(name);
                if (isKnown && !Files.exists(jar) && !name.endsWith("*")) {
                    return "there is no " + jar;
                }
                found |= !isKnown || Files.isDirectory(jar) || !Files.exists(jar) || mayHave(jar, main);
                length += jar.toString().getBytes(StandardCharsets.UTF_8).length + 1;
            }
            if (length > MAX_ARGUMENT) {
                return "the class path has " + length + " bytes, and a program can be given " + MAX_ARGUMENT
                        + " in one argument: put the jars into one directory, and name that, as in lib/*";
            }
            return found ? null : "the main class " + main + " is in none of the jars";
        } catch (IOException | InvalidPathException e) {
            return "the jars cannot be read: " + e;
        }
    }

    /** True if the main class may be in a jar, or in a jar that this jar names. */
    private static boolean mayHave(Path jar, String main) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return file.getEntry(main.replace('.', '/') + ".class") != null
                    || (manifest != null && manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) != null);
        } catch (ZipException e) {
            throw new IOException(jar + " is no jar: " + e.getMessage(), e);
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
        text.append(PLACES).append(alone ? "stamp=\n" : stamp() + FRONT);
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
        return text.append(LOCALE)
                .append(SAFETY)
                .append(TAIL)
                .append(alone ? ALONE : "")
                .append(END)
                .toString();
    }

    /**
     * Names the stamp after the arguments up to the last one that chooses the daemon; the front does the same where
     * there is no script. A percent sign says that there is none.
     */
    private String stamp() {
        if (daemonOptions.isEmpty() && cold.isEmpty()) {
            return "stamp=$archives/front.stamp\n";
        }
        StringBuilder cases = new StringBuilder();
        if (!cold.isEmpty()) {
            cases.append("    ").append(alternatives(cold, "")).append(") key=% && break ;;\n");
        }
        List<String> flags = new ArrayList<>();
        List<String> named = new ArrayList<>();
        for (String option : daemonOptions) {
            if (option.endsWith("=")) {
                named.add(option);
            } else {
                flags.add(option);
            }
        }
        if (!flags.isEmpty()) {
            cases.append("    ").append(alternatives(flags, "")).append(") key=$part ;;\n");
        }
        if (!named.isEmpty()) {
            List<String> bare = new ArrayList<>();
            named.forEach(option -> bare.add(option.substring(0, option.length() - 1)));
            cases.append("    ").append(alternatives(bare, "")).append(") value=% ;;\n");
            cases.append("    ").append(alternatives(named, "/*")).append(") key=$part ;;\n");
            cases.append("    ").append(alternatives(named, "*")).append(") key=% && break ;;\n");
        }
        return """
                # A daemon that is chosen by arguments has a stamp of its own.
                key= part= value=
                for word in "$@"; do
                  case $word in *[%,]*) part=$part% ;; esac
                  part=$part,$word
                  if [ -n "$value" ]; then
                    case $word in /*) key=$part value= ;; esac
                    [ -z "$value" ] || break
                    continue
                  fi
                  case $word in
                    --) break ;;
                """ + cases + """
                  esac
                done
                case $value$key in *%*) key=% ;; esac
                while :; do case $key in */*) key=${key%%/*}%${key#*/} ;; *) break ;; esac; done
                stamp=$archives/front$key.stamp
                [ "$key" != % ] && [ ${#key} -le 200 ] || stamp=
                """;
    }

    private static String alternatives(List<String> words, String ending) {
        StringBuilder all = new StringBuilder();
        for (String word : words) {
            all.append(all.length() == 0 ? "" : " | ").append(quoted(word)).append(ending);
        }
        return all.toString();
    }

    /** The settings of the native program, which does without this script as long as it can. */
    private String settings(Path program, Path file) {
        Path directory = program.getParent();
        StringBuilder text = new StringBuilder("script ")
                .append(directory == null ? file : directory.relativize(file))
                .append('\n');
        daemonOptions.forEach(option -> text.append("option ").append(option).append('\n'));
        cold.forEach(word -> text.append("cold ").append(word).append('\n'));
        return text.toString();
    }

    private static String path(String path) {
        return path.startsWith("/") ? quoted(path) : "\"$dir\"/" + quoted(path);
    }

    /** Quotes a text for sh(1), only where needed. */
    private static String quoted(String text) {
        boolean plain = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain &= Character.isLetterOrDigit(c) || "/._-:=+,@".indexOf(c) >= 0;
        }
        return plain ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
