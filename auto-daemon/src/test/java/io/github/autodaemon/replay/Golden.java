package io.github.autodaemon.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** One conversation with the npm package as it was recorded: the bytes of both directions and their order. */
record Golden(String name, JsonObject json) {
    /** Bytes of one side that were sent before the other side said anything, or the end of a side. */
    @SuppressWarnings("ArrayRecordComponent") // Made for one reading, never compared.
    record Segment(Side side, byte[] bytes, boolean end) {}

    static List<Golden> all() {
        try (Stream<Path> files =
                Files.list(Path.of(Golden.class.getResource("/goldens").toURI()))) {
            return files.sorted().map(Golden::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Golden read(Path file) {
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            return new Golden(json.get("name").getAsString(), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The two characters that the name begins with. */
    String id() {
        return name.substring(0, 2);
    }

    /** Whether the bytes were cut when they were recorded, so that there is nothing to replay. */
    boolean truncated() {
        return json.has("truncated");
    }

    JsonArray clientObserved() {
        return json.getAsJsonArray("client_observed");
    }

    List<Segment> segments() {
        Track client = new Track(bytes("client_to_server"));
        Track server = new Track(bytes("server_to_client"));
        List<Segment> segments = new ArrayList<>();
        for (JsonElement step : json.getAsJsonArray("order")) {
            String text = step.getAsString();
            Side side = text.startsWith("C>S") ? Side.CLIENT : Side.SERVER;
            Track track = side == Side.CLIENT ? client : server;
            if (text.startsWith("[", 4)) {
                add(segments, side, track.frame());
            } else if (text.endsWith("<end>")) {
                add(segments, side, track.rest());
                end(segments, side);
            }
        }
        add(segments, Side.CLIENT, client.rest());
        return segments;
    }

    private static void add(List<Segment> segments, Side side, byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last != null && last.side() == side && !last.end()) {
            byte[] joined = new byte[last.bytes().length + bytes.length];
            System.arraycopy(last.bytes(), 0, joined, 0, last.bytes().length);
            System.arraycopy(bytes, 0, joined, last.bytes().length, bytes.length);
            segments.set(segments.size() - 1, new Segment(side, joined, false));
        } else {
            segments.add(new Segment(side, bytes, false));
        }
    }

    private static void end(List<Segment> segments, Side side) {
        Segment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last != null && last.side() == side) {
            segments.set(segments.size() - 1, new Segment(side, last.bytes(), true));
        } else {
            segments.add(new Segment(side, new byte[0], true));
        }
    }

    /** Hexadecimal text in which {@code unit*count} stands for a repetition. */
    private byte[] bytes(String member) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : json.get(member).getAsString().split(" ", -1)) {
            int star = part.indexOf('*');
            byte[] unit = HexFormat.of().parseHex(star < 0 ? part : part.substring(0, star));
            int count = star < 0 ? 1 : Integer.parseInt(part.substring(star + 1));
            for (int i = 0; i < count; i++) {
                out.writeBytes(unit);
            }
        }
        return out.toByteArray();
    }
}
