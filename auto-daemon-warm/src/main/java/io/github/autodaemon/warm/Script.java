package io.github.autodaemon.warm;

import java.nio.file.Path;
import java.util.List;

/** The text of a warm tool's script. */
final class Script {
    /** The second line begins so. */
    static final String MARK = "# Kept warm by autod: ";

    private static final String TEXT = """
            #!/bin/sh
            %MARK%%NAME%. `autod warm remove %NAME%` removes it, `autod warm why %NAME%` says why a command ran cold.
            # Whatever is in doubt runs the tool as ever. AUTODAEMON_FRONT=off makes every command do so.
            state=%STATE%
            java=%JAVA%
            cold() {
              exec %COLD% "$@"
            }
            %CI%
            case ${JAVA_TOOL_OPTIONS-}${JDK_JAVA_OPTIONS-}${_JAVA_OPTIONS-} in ?*) cold "$@" ;; esac
            case $0 in */*) ;; *) cold "$@" ;; esac
            key=$PWD/
            while :; do case $key in */*) key=${key%%/*}%${key#*/} ;; *) break ;; esac; done
            [ ${#key} -le 200 ] && [ -O "$state" ] && [ ! -L "$state" ] || cold "$@"
            stamp=$state/$key.stamp
            why=
            case ${AUTODAEMON_FRONT-} in
              '')
                if [ -f "$stamp" ] && [ -O "$state/front" ] && [ -k "$state/front" ] && [ -x "$state/front" ]; then
                  # As a JVM does.
                  trap '' PIPE
                  exec "$state/front" "$stamp" "$0" "$@"
                fi
                ;;
              cold) unset AUTODAEMON_FRONT && why="the tool, its JVM or a variable of JVMs is not as when the daemon was started" ;;
              start) ;;
              *) cold "$@" ;;
            esac
            start() {
              export AUTODAEMON_FRONT=off AUTODAEMON_WARM_START=1
              exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \\
                -Dautodaemon.stamp="$stamp" -cp %OURS% io.github.autodaemon.warm.Starter \\
                "$why" %NAME% "$state" %DAEMON%
            }
            [ "${AUTODAEMON_FRONT-}" = start ] && start
            # When this command has ended, the daemon for the next one is started, by one process for all that run now.
            later() {
              trap '' HUP INT QUIT
              exec </dev/null >/dev/null 2>"$state/log" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>"$stamp.lock"
              if command -v flock && ! flock -n 9; then exit; fi
              while kill -0 $$ 2>/dev/null; do sleep .1 || sleep 1; done
              start
            }
            later &
            cold "$@"
            """;

    private Script() {}

    /** The script of a tool. */
    static String of(String name, Path state, JavaCommandLine tool, List<Path> ours, boolean inCi) {
        StringBuilder daemon = new StringBuilder(quoted(tool.main()))
                .append(' ')
                .append(quoted(tool.shown()))
                .append(' ')
                .append(quoted(tool.classPath()));
        tool.daemonOptions().forEach(option -> daemon.append(' ').append(quoted(option)));
        String cold = String.join(" ", tool.cold().stream().map(Script::quoted).toList());
        String path = String.join(":", ours.stream().map(Path::toString).toList());
        return TEXT.replace("%CI%\n", inCi ? "" : "[ \"${CI-}\" = true ] && cold \"$@\"\n")
                .replace("%MARK%", MARK)
                .replace("%STATE%", quoted(state.toString()))
                .replace("%JAVA%", quoted(tool.java().toString()))
                .replace("%COLD%", cold)
                .replace("%OURS%", quoted(path))
                .replace("%DAEMON%", daemon)
                .replace("%NAME%", name);
    }

    /** A word for the shell. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
