package io.github.autodaemon.commands;

import io.github.autodaemon.internal.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The caller of one command, which says each piece when the test wants it (docs/protocol.md). */
final class RawCaller implements AutoCloseable {
    private static final int NEW = 0;
    private static final int DATA = 2;

    private final SocketChannel channel;
    private final DataInputStream in;

    RawCaller(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** The fields of a command in the root directory. */
    static Map<String, Object> fields(String... args) throws IOException {
        Map<String, Object> root = Files.readAttributes(Path.of("/"), "unix:dev,ino");
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("args", List.of(args));
        fields.put("name", "raw");
        fields.put("cwd", "/");
        fields.put("dev", root.get("dev"));
        fields.put("ino", root.get("ino"));
        fields.put("env", Map.of());
        fields.put("tty", List.of(0, 0, 0));
        fields.put("size", List.of(0, 0));
        fields.put("umask", -1);
        fields.put("pid", 1);
        return fields;
    }

    /** The request for a command, in frames. */
    static byte[] request(Object fields, int id) {
        byte[] line = (Json.text(List.of("command", List.of(fields), id)) + "\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.write(DATA);
        int rest = line.length;
        while (rest > 0x7f) {
            frames.write((rest & 0x7f) | 0x80);
            rest >>= 7;
        }
        frames.write(rest);
        frames.writeBytes(line);
        return frames.toByteArray();
    }

    RawCaller send(byte... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    /** Asks for a command. */
    RawCaller ask(Map<String, Object> fields) throws IOException {
        return send((byte) NEW, (byte) 0).send(request(fields, 2));
    }

    RawCaller ask(String... args) throws IOException {
        return ask(fields(args));
    }

    /** Reads until the hello has come. */
    void hello() throws IOException {
        String hello = line("[\"hello\",");
        assert hello.endsWith("]");
    }

    /** The next answer. */
    String answer() throws IOException {
        return line("[[");
    }

    private String line(String beginning) throws IOException {
        String line = "";
        while (!line.startsWith(beginning)) {
            long header = varint();
            byte[] payload = new byte[(int) varint()];
            in.readFully(payload);
            line = header == DATA ? new String(payload, StandardCharsets.UTF_8).strip() : "";
        }
        return line;
    }

    private long varint() throws IOException {
        long value = 0;
        int shift = 0;
        int next = 0x80;
        while (next > 0x7f) {
            next = in.readUnsignedByte();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        }
        return value;
    }

    /** The next piece: its type, and its data in hex. */
    String piece() throws IOException {
        int type = in.readUnsignedByte();
        byte[] data = new byte[in.readInt()];
        in.readFully(data);
        return type + " " + HexFormat.of().formatHex(data);
    }

    /** The text of the next piece, which is some output. */
    String text() throws IOException {
        String piece = piece();
        return new String(HexFormat.of().parseHex(piece.substring(2)), StandardCharsets.UTF_8);
    }

    void piece(int type, byte... data) throws IOException {
        send(ByteBuffer.allocate(5 + data.length)
                .put((byte) type)
                .putInt(data.length)
                .put(data)
                .array());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
