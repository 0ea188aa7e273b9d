package io.github.autodaemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.autodaemon.Duplex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A stream's end in a node process, where {@code puppet.js} does what it is told here. */
final class Puppet implements Duplex {
    private static final int MOST = 48 * 1024;

    private final SocketChannel channel;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<String, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private boolean closed;

    private Puppet(SocketChannel channel) {
        this.channel = channel;
    }

    /** Where puppets come to. */
    static ServerSocketChannel stage(Path socket) throws IOException {
        ServerSocketChannel stage = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return stage.bind(UnixDomainSocketAddress.of(socket));
    }

    /** The next puppet. */
    static Puppet enter(ServerSocketChannel stage) throws IOException {
        Puppet puppet = new Puppet(stage.accept());
        Thread reader = new Thread(puppet::listen, "puppet");
        reader.setDaemon(true);
        reader.start();
        return puppet;
    }

    /** Ends the conversation with the node process, and not the stream. */
    void leave() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        String reason = "the node process closed the connection";
        try {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    byte b = buffer.get();
                    if (b == '\n') {
                        heard(line.toString(UTF_8));
                        line.reset();
                    } else {
                        line.write(b);
                    }
                }
                buffer.clear();
            }
        } catch (IOException e) {
            reason = e.toString();
        }
        IOException lost = new IOException("no answer of the puppet: " + reason);
        asked.values().forEach(answer -> answer.completeExceptionally(lost));
    }

    private void heard(String line) {
        int space = line.indexOf(' ');
        CompletableFuture<String> answer = asked.remove(line.substring(0, space));
        if (answer == null) {
            throw new IllegalStateException("an answer to nothing: " + line);
        }
        answer.complete(line.substring(space + 1));
    }

    /** The answer to a command, {@code done}, {@code end}, {@code bytes BASE64}; an error is thrown. */
    private String ask(String command) throws IOException {
        String id = Long.toString(lastId.incrementAndGet());
        CompletableFuture<String> answer = new CompletableFuture<>();
        asked.put(id, answer);
        ByteBuffer line = ByteBuffer.wrap((id + " " + command + "\n").getBytes(UTF_8));
        synchronized (this) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
        try {
            String text = answer.get();
            if (text.startsWith("error ")) {
                throw new IOException(text.substring("error ".length()));
            }
            return text;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void tell(String command) {
        try {
            ask(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void cancel(String reason) {
        tell("destroy " + reason);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tell("end");
            tell("ignore");
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            byte @Nullable [] bytes = bytes(ask("read " + length));
            if (bytes == null) {
                return -1;
            }
            System.arraycopy(bytes, 0, into, offset, bytes.length);
            return bytes.length;
        }

        private byte @Nullable [] bytes(String answer) {
            return answer.equals("end") ? null : Base64.getDecoder().decode(answer.substring("bytes ".length()));
        }

        @Override
        public void close() {
            tell("ignore");
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += MOST) {
                int start = offset + done;
                byte[] piece = Arrays.copyOfRange(from, start, start + Math.min(MOST, length - done));
                ask("write " + Base64.getEncoder().encodeToString(piece));
            }
        }

        @Override
        public void close() throws IOException {
            ask("end");
        }
    }
}
