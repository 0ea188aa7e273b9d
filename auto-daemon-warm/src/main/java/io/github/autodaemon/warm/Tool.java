package io.github.autodaemon.warm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a daemon knows of its tool, as the extra arguments of its description.
 *
 * @param directory where the daemon runs; its commands run nowhere else
 * @param state the directory of what is kept about the tool
 * @param main the class that is run
 * @param shown how a JVM names what it runs: the jar or the class
 * @param classPath as the tool's own JVM has it
 * @param headless the tool's own JVM is told whether there is a display
 * @param base of the environment of the daemon's starter, as {@link #base}
 */
record Tool(
        String directory, String state, String main, String shown, String classPath, boolean headless, String base) {
    /** What a JVM or its C library takes from the environment when the process starts, and cannot change afterwards. */
    private static final List<String> NAMES = List.of("HOME", "LANG", "LANGUAGE", "PATH", "TZ");

    private static final int BYTES = 6;

    /** A digest of the variables that a process takes at its start; their values are nobody's business. */
    static String base(Map<String, String> environment) {
        Map<String, String> base = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (NAMES.contains(name) || name.startsWith("LC_")) {
                base.put(name, value);
            }
        });
        return digest(base.toString());
    }

    static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> toArgs() {
        return List.of(directory, state, main, shown, classPath, Boolean.toString(headless), base);
    }

    static Tool of(List<String> args) {
        return new Tool(
                args.get(0),
                args.get(1),
                args.get(2),
                args.get(3),
                args.get(4),
                Boolean.parseBoolean(args.get(5)),
                args.get(6));
    }
}
