package io.github.autodaemon.front;

import io.github.autodaemon.testing.TestDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A directory with a start script that tells how it is run, a program named java, a stamp, and a daemon. */
final class Desk extends TestDirectory {
    /** What the start script exits with. */
    static final int COLD = 42;

    private final List<String> more = new ArrayList<>();
    private FakeDaemon daemon;
    private Build build = Build.COMMITTED;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        super.beforeEach(context);
        more.clear();
        script(script(), """
                #!/bin/sh
                printf 'cold %s %s\\n' "$AUTODAEMON_FRONT" $#
                printf '<%s>\\n' "$@"
                /bin/cat
                exit 42
                """);
        Files.createDirectory(path("bin"));
        script(java(), "#!/bin/sh\n");
        daemon = new FakeDaemon(socket());
        writeStamp();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        daemon.close();
        super.afterEach(context);
    }

    Desk with(Build used) throws IOException, InterruptedException {
        used.file();
        build = used;
        return this;
    }

    Path path(String name) {
        return directory().resolve(name);
    }

    Path socket() {
        return path("s");
    }

    Path stamp() {
        return path("stamp");
    }

    Path script() {
        return path("tool");
    }

    Path java() {
        return path("bin/java");
    }

    FakeDaemon daemon() {
        return daemon;
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The lines of a good stamp, without the first and the last. */
    List<String> stampLines() throws IOException {
        return List.of(
                "socket " + socket(),
                "fingerprint " + FakeDaemon.FINGERPRINT,
                "java " + java(),
                fileLine(java()),
                fileLine(script()));
    }

    static String fileLine(Path file) throws IOException {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        return "file " + Files.size(file) + " " + time.getEpochSecond() + " " + time.getNano() + " "
                + Files.getAttribute(file, "unix:ino") + " " + file;
    }

    void writeStamp() throws IOException {
        writeStamp(stampLines());
    }

    void writeStamp(List<String> lines) throws IOException {
        writeStamp(stamp(), lines);
    }

    static void writeStamp(Path file, List<String> lines) throws IOException {
        Files.writeString(file, "autodaemon-stamp 1\n" + String.join("\n", lines) + "\nend\n");
    }

    /** How the start script runs the front. */
    List<String> front() throws IOException, InterruptedException {
        return List.of(build.file().toString(), stamp().toString(), script().toString());
    }

    /** A process with little in its environment. */
    ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(directory().toFile());
        Map<String, String> env = builder.environment();
        env.clear();
        env.put("PATH", java().getParent() + ":/usr/bin:/bin");
        if (build != Build.COMMITTED) {
            env.put("ASAN_OPTIONS", "detect_leaks=0:exitcode=" + Build.FOUND);
            env.put("UBSAN_OPTIONS", "exitcode=" + Build.FOUND);
        }
        return builder;
    }

    ProcessBuilder command(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(front());
        command.addAll(List.of(args));
        return process(command);
    }

    /**
     * The same with no signal blocked: a JVM's children begin with SIGQUIT blocked, as its own threads have it, which is
     * kept by what they exec.
     */
    static ProcessBuilder unblocked(ProcessBuilder builder) {
        builder.command()
                .addAll(
                        0,
                        List.of(
                                Tools.need("perl").toString(),
                                "-MPOSIX",
                                "-e",
                                "sigprocmask(SIG_SETMASK, POSIX::SigSet->new()); exec @ARGV"));
        return builder;
    }

    /** A command of the shell, in which "$@" is the front with these arguments. */
    ProcessBuilder shell(String text, String... args) throws IOException, InterruptedException {
        return shellOf("sh", text, args);
    }

    ProcessBuilder shellOf(String shell, String text, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell, "-c", text, shell));
        command.addAll(front());
        command.addAll(List.of(args));
        return process(command);
    }

    /** With an empty standard input. */
    static Running start(ProcessBuilder builder) throws IOException {
        Running running = new Running(builder.start());
        running.process.getOutputStream().close();
        return running;
    }

    Running start(String... args) throws IOException, InterruptedException {
        return start(command(args));
    }

    /** A process whose outputs are read as they come. */
    static final class Running {
        final Process process;
        private final Reader out;
        private final Reader err;

        Running(Process process) {
            this.process = process;
            out = new Reader(process.getInputStream());
            err = new Reader(process.getErrorStream());
        }

        long pid() {
            return process.pid();
        }

        /** The exit code, as a shell sees it. */
        int code() throws InterruptedException {
            int code = process.waitFor();
            if (code == Build.FOUND) {
                throw new IllegalStateException(err());
            }
            return code;
        }

        byte[] bytes() throws InterruptedException {
            return out.all();
        }

        String out() throws InterruptedException {
            return new String(out.all(), StandardCharsets.UTF_8);
        }

        String err() throws InterruptedException {
            return new String(err.all(), StandardCharsets.UTF_8);
        }

        /** Waits until its output has this. */
        void awaitOut(String text) throws InterruptedException {
            awaitOut(text, 1);
        }

        /** Waits until its output has this so many times. */
        void awaitOut(String text, int times) throws InterruptedException {
            out.await(text, times);
        }

        void type(String text) throws IOException {
            process.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            process.getOutputStream().flush();
        }
    }

    private static final class Reader extends Thread {
        private final InputStream from;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private boolean ended;

        Reader(InputStream from) {
            super("reader of an output");
            this.from = from;
            setDaemon(true);
            start();
        }

        @Override
        public void run() {
            byte[] buffer = new byte[1 << 16];
            try (from) {
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                    synchronized (this) {
                        all.write(buffer, 0, count);
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                synchronized (this) {
                    ended = true;
                    notifyAll();
                }
            }
        }

        synchronized byte[] all() throws InterruptedException {
            while (!ended) {
                wait(TimeUnit.SECONDS.toMillis(1));
            }
            return all.toByteArray();
        }

        synchronized void await(String text, int times) throws InterruptedException {
            while (all.toString(StandardCharsets.ISO_8859_1).split(Pattern.quote(text), -1).length <= times) {
                if (ended) {
                    throw new IllegalStateException("no " + text + " in " + all.toString(StandardCharsets.UTF_8));
                }
                wait(TimeUnit.SECONDS.toMillis(1));
            }
        }
    }
}
