package io.github.autodaemon.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes what was measured into the document, between the lines {@code <!-- bench NAME -->} and {@code <!-- end -->};
 * what stands around them is left alone.
 */
public final class Document {
    private static final String NAME = "performance.md";
    private static final Pattern BLOCK =
            Pattern.compile("(<!-- bench ([\\w -]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

    private Document() {}

    /**
     * Writes the document and its plots.
     *
     * @param data the directory of the results, a file for each JDK
     * @param to the directory to write to
     * @param from the directory of the document as it is
     */
    public static void write(Path data, Path to, Path from) throws IOException {
        Map<Integer, Results> results = new TreeMap<>();
        if (Files.isDirectory(data)) {
            try (Stream<Path> files = Files.list(data)) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (name.matches("\\d+\\.json")) {
                        results.put(Integer.valueOf(name.substring(0, name.indexOf('.'))), Results.read(file));
                    }
                }
            }
        }
        Files.createDirectories(to.resolve("performance"));
        Map<String, String> plots = new Plots(results).all();
        for (Map.Entry<String, String> plot : plots.entrySet()) {
            Files.writeString(to.resolve("performance").resolve(plot.getKey()), plot.getValue());
        }
        String text = filled(Files.readString(from.resolve(NAME)), blocks(new Tables(results)));
        Files.writeString(to.resolve(NAME), text);
    }

    private static Map<String, String> blocks(Tables tables) {
        Map<String, String> blocks = new LinkedHashMap<>();
        blocks.put("setup", tables.setup());
        blocks.put("goals", tables.goals());
        blocks.put("jvm", tables.jvm());
        blocks.put("warm", tables.list("warm", Rows.WARM));
        blocks.put("front", tables.list("front", Rows.SHORT));
        blocks.put("runtime", tables.list("front", Rows.ANY));
        blocks.put("pipes", tables.matrix("front", row -> row.equals(Rows.OUT) || row.equals(Rows.IN)));
        blocks.put("tools", tables.matrix("tools", row -> true));
        blocks.put("cold", tables.list("cold", Rows.COLD));
        blocks.put("crowd", tables.list("crowd", Rows.CROWD));
        blocks.put("counts", tables.matrix("counts", row -> true));
        blocks.put(
                "calls",
                tables.matrix("calls", row -> row.endsWith(": 50th percentile") || row.endsWith(": 99th percentile")));
        blocks.put("pipelined", tables.matrix("calls", row -> row.endsWith(" outstanding")));
        blocks.put("threads", tables.matrix("threads", row -> true));
        blocks.put("items", tables.matrix("items", row -> true));
        blocks.put("streams", tables.matrix("streams", row -> row.equals(Rows.STREAM)));
        blocks.put("stalled", tables.matrix("streams", row -> !row.equals(Rows.STREAM)));
        blocks.put("sizes", tables.matrix("sizes", row -> true));
        blocks.put("memory", tables.matrix("memory", row -> true));
        blocks.put("connections", tables.matrix("connections", row -> true));
        blocks.put("inside", tables.matrix("inside", row -> true));
        return blocks;
    }

    /** Each block anew. */
    static String filled(String text, Map<String, String> blocks) {
        Matcher matcher = BLOCK.matcher(text);
        StringBuilder all = new StringBuilder();
        while (matcher.find()) {
            String block = blocks.get(matcher.group(2));
            if (block == null) {
                throw new IllegalArgumentException(
                        "performance.md has a block that nothing fills: " + matcher.group(2));
            }
            matcher.appendReplacement(
                    all, Matcher.quoteReplacement(matcher.group(1) + "\n" + block + "\n" + matcher.group(3)));
        }
        matcher.appendTail(all);
        return all.toString();
    }
}
