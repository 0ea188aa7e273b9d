package io.github.autodaemon.interop;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Service;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The Java side's {@link Workshop}. */
public final class WorkshopService implements Service<Workshop> {
    private long sum;
    private CompletableFuture<Long> collected = new CompletableFuture<>();

    @Override
    public Workshop connected(Client client) {
        return new Methods(client);
    }

    private final class Methods implements Workshop {
        private final Client client;

        Methods(Client client) {
            this.client = client;
        }

        @Override
        public long add(long n) {
            sum += n;
            return sum;
        }

        @Override
        public Object echo(Object value) {
            return value;
        }

        @Override
        public int length(String text) {
            return text.length();
        }

        @Override
        public void fail(String message) {
            throw new IllegalStateException(message);
        }

        @Override
        public void refuse(String message) {
            throw new Refusal(message);
        }

        @Override
        public CompletableFuture<String> later(String text) {
            return CompletableFuture.supplyAsync(() -> text);
        }

        @Override
        public CompletableFuture<String> failLater(String message) {
            return CompletableFuture.supplyAsync(() -> {
                throw new IllegalArgumentException(message);
            });
        }

        @Override
        public CompletableFuture<String> never() {
            return new CompletableFuture<>();
        }

        @Override
        public String post(Map<String, Object> letter) {
            return letter.get("user") + ": " + letter.get("message");
        }

        @Override
        public List<String> args() {
            return client.args();
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public void close() {
            client.server().close();
            client.close();
        }

        @Override
        public Duplex mirror() {
            return Duplex.serve(stream -> stream.input().transferTo(stream.output()));
        }

        @Override
        public Duplex digest() {
            return Duplex.serve(stream ->
                    stream.output().write(Pattern.digest(stream.input()).getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public Duplex bytes(long count) {
            return Duplex.of(Pattern.stream(count), OutputStream.nullOutputStream());
        }

        @Override
        public Duplex collect() {
            CompletableFuture<Long> result = new CompletableFuture<>();
            collected = result;
            return Duplex.of(InputStream.nullInputStream(), new Counting(result));
        }

        @Override
        public CompletableFuture<Long> collected() {
            return collected;
        }

        @Override
        public Duplex broken() {
            InputStream some = new ByteArrayInputStream("some".getBytes(StandardCharsets.US_ASCII));
            return Duplex.of(new SequenceInputStream(some, new Failing()), OutputStream.nullOutputStream());
        }
    }

    private static final class Failing extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the source broke");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return read();
        }
    }

    private static final class Counting extends OutputStream {
        private final CompletableFuture<Long> result;
        private long count;

        Counting(CompletableFuture<Long> result) {
            this.result = result;
        }

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
        }

        @Override
        public void close() {
            result.complete(count);
        }
    }
}
