package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void theTranscriptIsTrue() throws Exception {
        String document = Files.readString(Path.of("../docs/protocol.md"));
        int begin = document.indexOf("```hex\n") + "```hex\n".length();
        List<String> lines = document.substring(begin, document.indexOf("```", begin))
                .lines()
                .toList();
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
