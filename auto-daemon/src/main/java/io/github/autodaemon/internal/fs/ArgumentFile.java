package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Class paths for which a command line has no room: the kernel takes no argument of 128 KiB. Java's launcher reads the
 * paths, when it starts, from a file that is named after an at sign.
 */
public final class ArgumentFile {
    private static final int LONG = 60_000;

    private ArgumentFile() {}

    /**
     * A command for a Java launcher with its long paths in a file.
     *
     * @param command with each path behind the option it belongs to
     * @param file the file for the paths; is replaced
     * @return the command itself when all of its paths are short
     */
    public static List<String> shorten(List<String> command, Path file) throws IOException {
        List<String> shortened = new ArrayList<>();
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < command.size(); i++) {
            String option = command.get(i);
            boolean path = option.equals("-cp") || option.equals("--module-path");
            if (path && i + 1 < command.size() && command.get(i + 1).length() > LONG) {
                append(content, option);
                append(content, command.get(++i));
            } else {
                shortened.add(option);
            }
        }
        if (content.length() == 0) {
            return command;
        }
        PrivateFiles.replace(file, content.toString());
        shortened.add(1, "@" + file);
        return shortened;
    }

    /** In quotes all characters are literal, except these. */
    private static void append(StringBuilder content, String argument) {
        String escaped = argument.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
        content.append('"').append(escaped).append("\"\n");
    }
}
