package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.commands.PlayProgram;
import io.github.autodaemon.testing.Scratch;
import java.io.ByteArrayOutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The transcript in docs/protocol.md, played against a server. */
@Timeout(30)
class ProtocolDocumentTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private static byte[] said(List<String> lines, String side) {
        StringBuilder hex = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith(side + " ")) {
                // The remark stands behind at least three spaces.
                hex.append(line.substring(2).split(" {3}", 2)[0].replace(" ", ""));
            }
        }
        return HexFormat.of().parseHex(hex);
    }

    /** The lines of the first transcript behind a heading. */
    private static List<String> transcript(String heading) throws Exception {
        String document = Files.readString(Path.of("../docs/protocol.md"));
        int begin = document.indexOf("```hex\n", document.indexOf(heading)) + "```hex\n".length();
        return document.substring(begin, document.indexOf("```", begin)).lines().toList();
    }

    @Test
    void theTranscriptOfACommandIsTrue() throws Exception {
        List<String> lines = transcript("## 7. Commands");
        String asked = new String(said(lines, "C"), StandardCharsets.UTF_8);
        int begin = asked.indexOf('[');
        String line = asked.substring(begin);
        assertThat(asked.substring(0, begin)).isEqualTo("\0\0\2" + (char) 0xfffd + "\1");
        assertThat(line).hasSize(129).endsWith("\n");
        // The example's directory is nobody's.
        Map<String, Object> root = Files.readAttributes(Path.of("/"), "unix:dev,ino");
        byte[] request = line.replace("\"dev\":1,", "\"dev\":" + root.get("dev") + ",")
                .replace("\"ino\":2,", "\"ino\":" + root.get("ino") + ",")
                .getBytes(StandardCharsets.UTF_8);
        byte[] expected = said(lines.subList(1, lines.size()), "S");

        Server server = AutoDaemon.program(PlayProgram.class)
                .socket(scratch.socket())
                .build()
                .createServer();
        server.listen();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket()))) {
            ByteBuffer frames = ByteBuffer.allocate(request.length + 5);
            frames.put(new byte[] {0, 0, 2, (byte) (request.length | 0x80), (byte) (request.length >> 7)});
            channel.write(frames.put(request).flip());
            assertThat(readUntil(channel, expected.length))
                    .isEqualTo(HexFormat.of().formatHex(expected));
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        server.close();
        server.gone().get();
    }

    @Test
    void theTranscriptIsTrue() throws Exception {
        List<String> lines = transcript("## 9. A transcript");
        byte[] client = said(lines, "C");
        byte[] expected = said(lines, "S");
        assertThat(client).hasSizeGreaterThan(50);

        Server server = scratch.lab().build().createServer().listen();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket()))) {
            channel.write(ByteBuffer.wrap(client));
            String all = readUntil(channel, expected.length);
            // On different streams the order is free: compare what each said.
            List<String> ours = new ArrayList<>();
            for (String line : lines) {
                if (line.startsWith("S ")) {
                    ours.add(line.substring(2).split(" {3}", 2)[0].replace(" ", ""));
                }
            }
            assertThat(ours).hasSize(6).allSatisfy(frame -> assertThat(all).contains(frame));
        }
        server.close();
        server.gone().get();
    }

    /** The hex of what the server sends behind its hello. */
    private static String readUntil(SocketChannel channel, int expected) throws Exception {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        int hello = -1;
        while (hello < 0 || read.size() < hello + expected) {
            buffer.clear();
            assertThat(channel.read(buffer)).isPositive();
            read.write(buffer.array(), 0, buffer.position());
            String text = read.toString(StandardCharsets.ISO_8859_1);
            assertThat(text).startsWith("\u0000\u0000\u0002");
            hello = text.indexOf('\n') + 1 > 0 ? text.indexOf('\n') + 1 : -1;
        }
        byte[] bytes = read.toByteArray();
        return HexFormat.of().formatHex(bytes, hello, bytes.length);
    }
}
