package io.github.autodaemon.warm;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/** A tool that does what a tool may do to its process; the tests run it in a JVM of its own and warm. Knows nothing of this library. */
@SuppressWarnings({"DefaultCharset", "FutureReturnValueIgnored", "SystemConsoleNull"}) // As tools are.
public final class Play {
    private static final PrintStream KEPT = System.out;
    private static int commands;

    private Play() {}

    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "none" : args[0]) {
            case "none" -> System.out.print("no line's end");
            case "args" -> {
                for (String arg : args) {
                    System.out.println("<" + arg + ">");
                }
            }
            case "kept" -> KEPT.println("through the stream that was kept");
            case "both" -> {
                System.out.println("out");
                System.err.println("err");
                System.out.write(new byte[] {0, 1, 2, (byte) 0xff, 10});
            }
            case "cat" -> System.in.transferTo(System.out);
            case "line" -> System.out.println(new BufferedReader(new InputStreamReader(System.in)).readLine());
            case "much" -> {
                byte[] bytes = new byte[1 << 16];
                for (int i = 0; i < 160; i++) {
                    bytes[0] = (byte) i;
                    System.out.write(bytes);
                }
            }
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "halt" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("never")));
                Runtime.getRuntime().halt(4);
            }
            case "caught" -> {
                try {
                    System.exit(5);
                } catch (Throwable t) {
                    System.out.println("never");
                    System.exit(6);
                } finally {
                    System.out.println("never");
                }
            }
            case "elsewhere" -> {
                new Thread(() -> System.exit(7)).start();
                new CountDownLatch(1).await();
            }
            case "pool" -> {
                ForkJoinPool.commonPool().submit(() -> System.exit(8));
                new CountDownLatch(1).await();
            }
            case "virtual" -> {
                Runnable exit = () -> System.exit("mine".equals(System.getenv("PLAY")) ? 11 : 12);
                try {
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, exit);
                    new CountDownLatch(1).await();
                } catch (NoSuchMethodException e) {
                    // Before JDK 21.
                    exit.run();
                }
            }
            case "throw" -> throw new IllegalStateException("no", new IOException("cause"));
            case "stack" -> {
                new IllegalStateException("printed", new IOException("cause")).printStackTrace();
                System.out.println(List.of(Thread.currentThread().getStackTrace()));
            }
            case "other" -> {
                Thread thread = new Thread(
                        () -> {
                            throw new IllegalArgumentException("in another thread");
                        },
                        "another");
                thread.start();
                thread.join();
                System.out.println("goes on");
            }
            case "later" ->
                new Thread(() -> {
                            sleep(300);
                            System.out.println("later");
                        })
                        .start();
            case "laterAndThrow" -> {
                new Thread(() -> {
                            sleep(300);
                            System.out.println("later");
                        })
                        .start();
                throw new IllegalStateException("no");
            }
            case "hooks" -> {
                Thread removed = new Thread(() -> System.out.println("never"));
                Runtime.getRuntime().addShutdownHook(removed);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                System.out.println(Runtime.getRuntime().removeShutdownHook(removed));
                File file = new File("temporary");
                new FileWriter(file).close();
                file.deleteOnExit();
                System.out.println(file.exists());
                if (args.length > 1) {
                    System.exit(9);
                }
            }
            case "spoil" -> {
                System.setProperty("play", "spoilt");
                System.clearProperty("user.language");
                System.setProperties(new Properties());
                Locale.setDefault(Locale.FRANCE);
                TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Apia"));
                System.setOut(new PrintStream(System.err));
                System.setErr(new PrintStream(new File("err")));
                System.setIn(InputStream.nullInputStream());
                Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
            }
            case "close" -> {
                System.out.close();
                System.err.close();
            }
            case "state" -> {
                System.out.println(System.getProperty("play") + " " + Locale.getDefault() + " "
                        + TimeZone.getDefault().getID() + " "
                        + System.getProperty("java.class.path").length() + " "
                        + System.getProperty("user.dir") + " "
                        + System.getProperty("sun.java.command").length() + " "
                        + System.getProperty("java.awt.headless") + " " + System.getProperty("file.encoding") + " "
                        + Thread.currentThread().getName()
                        + Thread.currentThread().getPriority()
                        + Thread.currentThread().getThreadGroup().getName() + " "
                        + Thread.currentThread().getContextClassLoader().getClass()
                        + " " + Play.class.getClassLoader().equals(ClassLoader.getSystemClassLoader()) + " "
                        + Thread.currentThread().isDaemon() + " " + Thread.getDefaultUncaughtExceptionHandler());
                System.out.println(has("com.google.gson.Gson") + " " + has("org.objectweb.asm.ClassWriter"));
            }
            case "variable" -> System.out.println(System.getenv(args[1]));
            case "variables" -> {
                Map<String, String> sorted = new TreeMap<>(System.getenv());
                sorted.keySet().removeIf(name -> !name.startsWith("PLAY"));
                System.out.println(sorted);
            }
            case "child" -> {
                ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo \"$PLAY\"; pwd; umask; exit 3");
                if (args.length > 1) {
                    builder.environment().put("PLAY", "mine");
                }
                Process child =
                        builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
                child.getInputStream().transferTo(System.out);
                System.exit(child.waitFor());
            }
            case "file" -> Files.writeString(Path.of(args[1]), "written", StandardCharsets.UTF_8);
            case "thread" -> {
                new Thread(() -> sleep(60_000), "left").start();
                System.exit(0);
            }
            case "count" -> System.out.println(++commands);
            case "pid" -> System.out.println(ProcessHandle.current().pid() + " " + ++commands);
            case "wait" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        Files.writeString(Path.of("hooked"), "");
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }));
                Files.writeString(Path.of("waits"), "");
                new CountDownLatch(1).await();
            }
            case "console" -> System.out.println(System.console() != null);
            case "inherit" ->
                System.exit(new ProcessBuilder("echo", "inherited")
                        .inheritIO()
                        .start()
                        .waitFor());
            case "descriptor" -> {
                try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
                    out.write("lost\n".getBytes(StandardCharsets.UTF_8));
                }
            }
            case "gate" -> {
                Files.writeString(Path.of("waits"), "");
                while (!Files.exists(Path.of("go"))) {
                    sleep(10);
                }
                System.out.println("went");
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static boolean has(String type) {
        try {
            Class.forName(type);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
