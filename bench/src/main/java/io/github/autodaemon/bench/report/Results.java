package io.github.autodaemon.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was measured with one JDK, part by part, and with what.
 *
 * @param setup versions and the machine
 */
public record Results(Map<String, String> setup, Map<String, Part> parts) {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /**
     * One part of the measurement.
     *
     * @param date when it was measured
     * @param seconds how long it took
     */
    public record Part(String date, long seconds, List<Series> series, List<String> failures) {}

    /** What a file holds; nothing when there is none. */
    public static Results read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new Results(new TreeMap<>(), new TreeMap<>());
        }
        return GSON.fromJson(Files.readString(file), Results.class);
    }

    /** A line for each series, so that a change of the file can be read. */
    public void write(Path file) throws IOException {
        StringBuilder text =
                new StringBuilder("{\"setup\":").append(GSON.toJson(setup)).append(",\n\"parts\":{");
        String comma = "\n";
        for (Map.Entry<String, Part> entry : new TreeMap<>(parts).entrySet()) {
            Part part = entry.getValue();
            text.append(comma)
                    .append(GSON.toJson(entry.getKey()))
                    .append(":{\"date\":")
                    .append(GSON.toJson(part.date()))
                    .append(",\"seconds\":")
                    .append(part.seconds())
                    .append(",\"failures\":")
                    .append(GSON.toJson(part.failures()))
                    .append(",\"series\":[\n")
                    .append(String.join(
                            ",\n", part.series().stream().map(GSON::toJson).toList()))
                    .append("]}");
            comma = ",\n";
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text.append("}}\n"));
    }

    /** What was measured of one contender, if it was. */
    Optional<Series> find(String part, String row, String who) {
        Part found = parts.get(part);
        return found == null
                ? Optional.empty()
                : found.series().stream()
                        .filter(one -> one.row().equals(row) && one.who().equals(who))
                        .findFirst();
    }
}
