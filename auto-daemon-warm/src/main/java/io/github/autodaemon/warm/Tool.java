package io.github.autodaemon.warm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a daemon knows of its tool, as the extra arguments of its description.
 *
 * @param name of the command
 * @param state the directory of what is kept about the tool
 * @param main the class that is run
 * @param shown how a JVM names what it runs: the jar or the class
 * @param classPath as the tool's own JVM has it
 * @param headless the tool's own JVM is told that there is no display
 * @param base the variables that a JVM reads as it starts, as the daemon's starter had them
 */
record Tool(
        String name,
        String state,
        String main,
        String shown,
        String classPath,
        boolean headless,
        Map<String, String> base) {
    /** What a JVM or its C library takes from the environment when the process starts, and cannot change afterwards. */
    private static final List<String> NAMES = List.of("HOME", "LANG", "LANGUAGE", "PATH", "TZ");

    /** Those of these variables that are set. */
    static Map<String, String> base(Map<String, String> environment) {
        Map<String, String> base = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (NAMES.contains(name) || name.startsWith("LC_")) {
                base.put(name, value);
            }
        });
        return base;
    }

    List<String> toArgs() {
        List<String> args = new ArrayList<>(List.of(name, state, main, shown, classPath, Boolean.toString(headless)));
        base.forEach((variable, value) -> args.add(variable + "=" + value));
        return args;
    }

    static Tool of(List<String> args) {
        Map<String, String> base = new TreeMap<>();
        for (String variable : args.subList(6, args.size())) {
            int equals = variable.indexOf('=');
            base.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return new Tool(
                args.get(0),
                args.get(1),
                args.get(2),
                args.get(3),
                args.get(4),
                Boolean.parseBoolean(args.get(5)),
                base);
    }
}
