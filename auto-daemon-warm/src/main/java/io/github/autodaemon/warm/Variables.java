package io.github.autodaemon.warm;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The variables that the tool has read so far, with the values that it saw. It may have kept them, so that a command with
 * another value is none for this process. Any thread may use this object.
 */
final class Variables {
    /** A shell changes them from command to command. */
    private static final Set<String> FLEETING = Set.of("_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES");

    private final Map<String, @Nullable String> seen = new HashMap<>();
    private boolean all;

    /** The tool reads one. */
    synchronized void read(String name, Map<String, String> environment) {
        if (!isFleeting(name)) {
            seen.putIfAbsent(name, environment.get(name));
        }
    }

    /** The tool reads all. */
    synchronized void readAll(Map<String, String> environment) {
        all = true;
        environment.keySet().forEach(name -> read(name, environment));
    }

    private static boolean isFleeting(String name) {
        return FLEETING.contains(name) || name.startsWith("AUTODAEMON");
    }

    /** The name of a variable that is another in {@code environment}; null when there is none. */
    synchronized @Nullable String differing(Map<String, String> environment) {
        for (Map.Entry<String, @Nullable String> one : seen.entrySet()) {
            if (!Objects.equals(one.getValue(), environment.get(one.getKey()))) {
                return one.getKey();
            }
        }
        if (all) {
            for (String name : environment.keySet()) {
                if (!seen.containsKey(name) && !isFleeting(name)) {
                    return name;
                }
            }
        }
        return null;
    }

    /** The names. */
    synchronized Set<String> names() {
        return new TreeSet<>(seen.keySet());
    }
}
