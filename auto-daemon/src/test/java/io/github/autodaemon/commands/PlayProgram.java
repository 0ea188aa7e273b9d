package io.github.autodaemon.commands;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Rpc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A program that does what its first argument says. */
public final class PlayProgram implements Program {
    private final AtomicInteger sum = new AtomicInteger();

    /** The description of a daemon at this socket. */
    public static AutoDaemon<Rpc> at(Path socket) {
        return AutoDaemon.program(PlayProgram.class).socket(socket).build();
    }

    /** The JVM client. The socket is a property. */
    public static void main(String[] args) {
        int code = at(Path.of(System.getProperty("play.socket"))).run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public boolean isSerial() {
        return false;
    }

    @Override
    public int run(Invocation in) throws Exception {
        List<String> args = in.args();
        String word = args.isEmpty() ? "" : args.get(0);
        switch (word) {
            case "add" -> in.out().println(sum.addAndGet(Integer.parseInt(args.get(1))));
            case "echo" -> in.out().print(String.join("\n", args.subList(1, args.size())));
            case "exit" -> {
                return Integer.parseInt(args.get(1));
            }
            case "throw" -> throw new IllegalStateException("it went wrong\nin two lines");
            case "pid" -> in.out().println(ProcessHandle.current().pid());
            case "directory" -> in.out().println(in.directory() + " " + in.resolve("../x"));
            case "environment" -> in.out().println(in.environment().get(args.get(1)));
            case "both" -> {
                in.out().println("one");
                in.err().println("two");
                in.out().println("three");
            }
            case "cat" -> in.in().transferTo(in.out());
            case "read" ->
                in.out().println(new String(in.in().readNBytes(Integer.parseInt(args.get(1))), StandardCharsets.UTF_8));
            case "line" ->
                in.out().println(new BufferedReader(new InputStreamReader(in.in(), StandardCharsets.UTF_8)).readLine());
            case "bytes" -> bytes(in, Long.parseLong(args.get(1)));
            case "terminal" -> {
                Invocation.Terminal terminal = in.terminal();
                in.out()
                        .println(terminal.isInput() + " " + terminal.isOutput() + " " + terminal.isError() + " "
                                + terminal.columns() + "x" + terminal.rows() + " " + terminal.type());
            }
            case "key" -> key(in);
            case "wait" -> await(in, args.get(1));
            case "handle" -> handle(in);
            case "hang" -> hang(in, args.get(1));
            case "resize" -> resize(in);
            case "jar" -> {
                return tool(in);
            }
            case "close" -> in.server().close();
            default -> {
                in.err().println(in.name() + ": there is no command \"" + word + "\"");
                return 2;
            }
        }
        return 0;
    }

    private static void bytes(Invocation in, long count) {
        byte[] some = new byte[64 * 1024];
        for (int i = 0; i < some.length; i++) {
            some[i] = (byte) (i * 31 + (i >> 8));
        }
        for (long left = count; left > 0 && !in.out().checkError(); left -= some.length) {
            in.out().write(some, 0, (int) Math.min(left, some.length));
        }
    }

    private static void key(Invocation in) throws IOException {
        in.terminal().raw(true);
        in.terminal().echo(false);
        in.out().println("press");
        int key = in.in().read();
        in.out().println("key " + key);
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
        in.out().println("twice");
    }

    /** Does not end, whatever happens, until the file is there. */
    private static void hang(Invocation in, String file) {
        in.out().println("waiting");
        while (!Files.exists(in.resolve(file))) {
            Thread.interrupted();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void resize(Invocation in) throws InterruptedException {
        CountDownLatch once = new CountDownLatch(1);
        in.onSignal("WINCH", once::countDown);
        in.out().println("waiting");
        once.await();
        in.out().println(in.terminal().columns());
    }

    private static int tool(Invocation in) {
        return java.util.spi.ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(in.out(), in.err(), in.args().subList(1, in.args().size()).toArray(new String[0]));
    }
}
