package io.github.autodaemon.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that has the request and whose answer is not there in time, as when it is stopped in between. */
@Timeout(60)
class LateAcceptanceTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    /**
     * The client gives up, and the daemon sends its acceptance before it sees that: it runs the command, so the client
     * must not have said that it was not run.
     */
    @Test
    void aCommandThatMayYetBeAcceptedMayHaveRun() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(scratch.socket()));
            Scratch.inThread(() -> neverAnswer(listener));
            int code = AutoDaemon.program(PlayProgram.class)
                    .socket(scratch.socket())
                    .timeout(Duration.ofMillis(300))
                    .build()
                    .run("add", "1");
            assertThat(code).isEqualTo(125);
        }
    }

    private static void neverAnswer(ServerSocketChannel listener) {
        String hello = "[\"hello\",[{\"autodaemon\":1,\"role\":\"daemon\",\"pid\":1,\"service\":\""
                + PlayProgram.class.getName() + "\",\"args\":[]}],-1]\n";
        try (SocketChannel client = listener.accept()) {
            client.write(ByteBuffer.wrap(Frame.of(0, Frame.NEW)));
            client.write(ByteBuffer.wrap(Frame.of(0, Frame.DATA, hello.getBytes(UTF_8))));
            int count = 0;
            while (count >= 0) {
                count = client.read(ByteBuffer.allocate(1 << 16));
            }
        } catch (IOException e) {
            // The test is over.
            return;
        }
    }
}
