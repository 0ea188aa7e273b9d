package io.github.autodaemon.bench.peer;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Many clients in one process, which speak the wire protocol by hand, so that they are the same for our daemon and for
 * npm's: {@code Crowd SOCKET hello | npm}. Told what to do line by line, as a {@link Driver}.
 */
public final class Crowd {
    private static final byte[] NEW = {0, 0, 8, 0};
    private static final String HELLO = "[\"hello\",[{\"autodaemon\":1,\"role\":\"client\"}],2]\n";
    private static final byte[] CALL = frame(1, "[\"add\",[1],2]\n");

    private final Path socket;
    private final boolean hello;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Raw.BLOCK);

    private Crowd(Path socket, boolean hello) {
        this.socket = socket;
        this.hello = hello;
    }

    /** Obeys until the input ends. */
    public static void main(String[] args) throws IOException {
        Crowd crowd = new Crowd(Path.of(args[0]), args[1].equals("hello"));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready " + ProcessHandle.current().pid());
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                String[] words = line.split(" ", -1);
                answer = Double.toString(crowd.obey(words[0], Integer.parseInt(words[1])));
            } catch (IOException e) {
                answer = ("failed: " + e).lines().findFirst().orElseThrow();
            }
            System.out.println(answer);
        }
    }

    private double obey(String command, int number) throws IOException {
        return switch (command) {
            case "grow" -> {
                while (clients.size() < number) {
                    clients.add(connect());
                }
                yield clients.size();
            }
            case "shrink" -> {
                while (clients.size() > number) {
                    clients.remove(clients.size() - 1).close();
                }
                yield clients.size();
            }
            case "calls" -> calls(number);
            case "one" -> one(number);
            default -> throw new IOException("there is no " + command);
        };
    }

    private static byte[] frame(int channel, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[payload.length + 2];
        frame[0] = (byte) (channel << 3 | 2);
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return frame;
    }

    /** A client that has been served once. */
    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        Raw.send(channel, ByteBuffer.wrap(NEW));
        Lines lines = new Lines();
        if (hello) {
            await(channel, lines, 1);
            Raw.send(channel, ByteBuffer.wrap(frame(0, HELLO)));
        }
        Raw.send(channel, ByteBuffer.wrap(CALL));
        await(channel, lines, hello ? 2 : 1);
        return channel;
    }

    private void await(SocketChannel channel, Lines lines, int count) throws IOException {
        while (lines.count() < count) {
            read(channel, lines);
        }
    }

    private void read(SocketChannel channel, Lines lines) throws IOException {
        if (channel.read(buffer.clear()) < 0) {
            throw new EOFException("the daemon has hung up on one of " + clients.size() + " clients");
        }
        lines.take(buffer.flip());
    }

    /** Calls a second, with one call outstanding on every connection, for about so many milliseconds. */
    private double calls(int millis) throws IOException {
        try (Selector selector = Selector.open()) {
            for (SocketChannel client : clients) {
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new Lines());
                client.write(ByteBuffer.wrap(CALL));
            }
            long began = System.nanoTime();
            long until = began + millis * 1_000_000L;
            long answered = 0;
            int open = clients.size();
            long now = began;
            while (open > 0) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    SocketChannel client = (SocketChannel) key.channel();
                    Lines lines = (Lines) key.attachment();
                    read(client, lines);
                    if (lines.takeOne()) {
                        answered++;
                        now = System.nanoTime();
                        if (now < until) {
                            client.write(ByteBuffer.wrap(CALL));
                        } else {
                            open--;
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
            return answered / ((now - began) / 1e9);
        }
    }

    /** The median of calls one after the other on the first connection, in microseconds. */
    private double one(int calls) throws IOException {
        SocketChannel client = clients.get(0);
        client.configureBlocking(true);
        Lines lines = new Lines();
        long[] times = new long[calls];
        for (int i = 0; i < calls; i++) {
            long began = System.nanoTime();
            Raw.send(client, ByteBuffer.wrap(CALL));
            await(client, lines, i + 1);
            times[i] = System.nanoTime() - began;
        }
        Arrays.sort(times);
        return times[calls / 2] / 1e3;
    }
}
