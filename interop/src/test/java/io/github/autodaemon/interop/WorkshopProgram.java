package io.github.autodaemon.interop;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Rpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that does what its first argument says. */
public final class WorkshopProgram implements Program {
    private final AtomicInteger sum = new AtomicInteger();

    /** The description of a daemon at this socket. */
    static AutoDaemon<Rpc> at(Path socket) {
        return AutoDaemon.program(WorkshopProgram.class).socket(socket).build();
    }

    @Override
    public int run(Invocation in) throws Exception {
        List<String> args = in.args();
        switch (args.get(0)) {
            case "add" -> in.out().println(sum.addAndGet(Integer.parseInt(args.get(1))));
            case "echo" -> in.out().print(String.join("\n", args.subList(1, args.size())));
            case "both" -> {
                in.out().println("one");
                in.err().println("two");
                in.out().println("three");
            }
            case "throw" -> throw new IllegalStateException("it went wrong");
            case "cat" -> in.in().transferTo(in.out());
            case "read" -> read(in, Integer.parseInt(args.get(1)));
            case "flood" -> flood(in);
            case "wait" -> await(in, args.get(1));
            case "handle" -> handle(in);
            default -> {
                return Integer.parseInt(args.get(0));
            }
        }
        return 0;
    }

    /** Byte by byte, for which more and more bytes are asked for at once. */
    private static void read(Invocation in, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            in.out().write(in.in().read());
        }
        in.out().println();
    }

    private static void flood(Invocation in) {
        while (!in.out().checkError()) {
            in.out().println("more");
        }
    }

    /** Waits until it is cancelled, and leaves a file that says so. */
    private static void await(Invocation in, String file) throws IOException {
        in.out().println("waiting");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Files.writeString(in.resolve(file), "cancelled " + in.isCancelled());
        }
    }

    /** Goes on at SIGINT, and ends at the second. */
    private static void handle(Invocation in) throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        in.onSignal("INT", () -> {
            in.out().println("got it");
            twice.countDown();
        });
        in.out().println("waiting");
        twice.await();
    }
}
