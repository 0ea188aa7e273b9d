package io.github.autodaemon.chaos;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The clients: threads of the driver, processes that take orders, and processes that have one and end. */
final class Clients {
    private static final String DRIVER = "driver";
    private static final int END_SECONDS = 20;

    private enum Kind {
        WORKER,
        COMMAND,
        /** Its journal is the driver's, and the oracle judges its exit code. */
        RECORDER
    }

    /** A client process. */
    static final class Client {
        private final String name;
        private final Process process;
        private final Kind kind;

        Client(String name, Process process, Kind kind) {
            this.name = name;
            this.process = process;
            this.kind = kind;
        }

        String name() {
            return name;
        }

        long pid() {
            return process.pid();
        }

        /** By SIGKILL or SIGTERM. Not by the process itself, which would close the output that is read meanwhile. */
        void end(boolean atOnce) {
            ProcessHandle handle = process.toHandle();
            boolean unused = atOnce ? handle.destroyForcibly() : handle.destroy();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public String toString() {
            return name + " (pid " + process.pid() + ")";
        }
    }

    private final Path run;
    private final int workers;
    private final List<Client> processes = new ArrayList<>();
    private final Map<String, Thread> threads = new LinkedHashMap<>();
    private int started;

    Clients(Path run, int workers) {
        this.run = run;
        this.workers = workers;
    }

    /** A thread of this process. */
    void thread(Scene scene, Order order) throws IOException {
        Lines journal = new Lines(order.setting().journal(DRIVER));
        scene.oracle().given(order, DRIVER);
        Thread thread = new Thread(new Caller(order, journal), "chaos-client");
        thread.setDaemon(true);
        threads.put(order.id(), thread);
        thread.start();
    }

    /** The orders whose threads are at work. */
    List<String> atWork() {
        threads.values().removeIf(thread -> !thread.isAlive());
        return List.copyOf(threads.keySet());
    }

    void interrupt(String order) {
        Thread thread = threads.get(order);
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** A process that has other orders too; started when it does not run. */
    Client worker(Scene scene, Order order, int choice) throws IOException {
        List<Client> takers =
                processes.stream().filter(c -> c.kind == Kind.WORKER).toList();
        Client taker = takers.size() < workers ? start(null) : takers.get(choice % takers.size());
        scene.oracle().given(order, taker.name);
        Writer orders = taker.process.outputWriter(StandardCharsets.UTF_8);
        orders.write(order.text() + "\n");
        orders.flush();
        return taker;
    }

    /** A process of its own. */
    Client command(Scene scene, Order order) throws IOException {
        Client client = start(order);
        scene.oracle().given(order, client.name);
        return client;
    }

    /** A command of the program, by the front if there is a stamp and {@code front} allows it. */
    Client recorder(Scene scene, Order order, boolean front) throws IOException {
        Lines journal = new Lines(order.setting().journal(DRIVER));
        journal.add("sent " + order.call() + " " + order.id() + " " + System.nanoTime());
        Client client = new Client("recorder" + ++started, Recorder.start(order, front), Kind.RECORDER);
        processes.add(client);
        scene.oracle().given(order, client.name, DRIVER);
        Thread thread = new Thread(new Recorder(order, client.process, journal), "chaos-recorder");
        thread.setDaemon(true);
        thread.start();
        return client;
    }

    private Client start(@Nullable Order order) throws IOException {
        String name = (order == null ? "worker" : "command") + ++started;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                run.resolve(name).toString()));
        if (order != null) {
            command.add(order.text());
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true);
        builder.redirectOutput(output(name).toFile());
        Client client = new Client(name, builder.start(), order == null ? Kind.WORKER : Kind.COMMAND);
        processes.add(client);
        return client;
    }

    /** Those that run, in the order of their start. One that has ended by itself had an order and has done it. */
    List<Client> running() throws IOException {
        for (Client client : List.copyOf(processes)) {
            if (!client.process.isAlive()) {
                boolean expected = client.kind == Kind.RECORDER
                        || (client.kind == Kind.COMMAND && client.process.exitValue() == 0);
                if (!expected) {
                    throw new Violation("the client " + client + " ended with exit code " + client.process.exitValue());
                }
                forget(client);
            }
        }
        return List.copyOf(processes);
    }

    /** Ends a client at once, and takes note of what it has written. */
    void kill(Scene scene, Client client) throws IOException {
        client.end(true);
        client.process.onExit().join();
        forget(client);
        scene.oracle().look();
        scene.oracle().patience().killed(client.name);
    }

    private void forget(Client client) throws IOException {
        processes.remove(client);
        Path output = output(client.name);
        if (client.kind != Kind.RECORDER && Files.size(output) == 0) {
            Files.delete(output);
        }
    }

    private Path output(String name) {
        return run.resolve(name + ".out");
    }

    /** Lets the workers end, and sees to it that they do. */
    void end() throws IOException {
        for (Client client : running()) {
            try {
                client.process.outputWriter(StandardCharsets.UTF_8).close();
                if (!client.process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    throw new Violation("the client " + client + " does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
