package io.github.autodaemon.internal.startup;

import io.github.autodaemon.internal.fs.ArgumentFile;
import io.github.autodaemon.internal.fs.LockFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes archives, in the daemon, when there is a list of classes and no class has been added to it for a while; a
 * command never waits for an archive. Archives are made in separate processes of the lowest priority.
 */
public final class ArchiveMaker {
    private static final long QUIET_MILLIS = 2_000;
    private static final long PATIENCE_SECONDS = 120;
    private static final int ATTEMPTS = 3;
    private static final Path NICE = Path.of("/usr/bin/nice");

    /** Read-only, for this user; the bit in front is the mark of an {@link Archive}. */
    private static final int MARKED = 01400;

    /** One archive that may have to be made. */
    private static final class Job {
        final Archive archive;
        final String java;
        final String classPath;
        final String collector;
        final List<String> modules;
        int attempts;
        boolean runs;

        Job(Archive archive, String java, String classPath, String collector, List<String> modules) {
            this.archive = archive;
            this.java = java;
            this.classPath = classPath;
            this.collector = collector;
            this.modules = modules;
        }

        /** A command for its JVM, with its class path. */
        List<String> command(List<String> options) throws IOException {
            List<String> command = new ArrayList<>(List.of(java));
            command.addAll(modules);
            command.addAll(List.of("-cp", classPath));
            command.addAll(options);
            return ArgumentFile.shorten(command, arguments());
        }

        Path arguments() {
            return archive.directoryPath().resolve(archive.name() + ".arguments");
        }
    }

    private final Consumer<String> log;
    private final List<Job> jobs = new ArrayList<>();
    private @Nullable Path root;
    private @Nullable Path directory;
    private String java = "";
    private String classPath = "";
    private String collector = "";
    private @Nullable FileTime lookedAt;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /** A maker without archives to make. */
    public ArchiveMaker(Consumer<String> log) {
        this.log = log;
    }

    /**
     * Makes the archives of the commands of a start script from now on.
     *
     * @param java the program that runs with them
     * @param classPath the program's class path, as it is given to the program
     * @param collector the collector that the archives' seals name
     * @param root the directory of the archives of all programs, which is kept within bounds; null when it is not known
     */
    public synchronized void addCommands(
            Path directory, String java, String classPath, String collector, @Nullable Path root) throws IOException {
        this.root = root;
        if (isPossible(directory, classPath)) {
            this.directory = directory;
            this.java = java;
            this.classPath = classPath;
            this.collector = collector;
        }
    }

    /**
     * Makes the archive of a daemon from now on.
     *
     * @param modules the options of the daemon's JVM that change modules
     */
    public synchronized void add(Archive archive, String java, String classPath, List<String> modules)
            throws IOException {
        if (isPossible(archive.directoryPath(), classPath)) {
            jobs.add(new Job(archive, java, classPath, "", modules));
        }
    }

    private boolean isPossible(Path directory, String classPath) throws IOException {
        // A JVM makes no archive of a class path with directories, or with elements that are not there.
        boolean jars = true;
        for (String element : classPath.split(File.pathSeparator, -1)) {
            jars &= Files.isRegularFile(Path.of(element));
        }
        return jars && isSafe(directory);
    }

    private boolean isSafe(Path directory) throws IOException {
        String danger = Archive.danger(directory);
        if (danger != null) {
            log.accept("no archives of loaded classes are made in " + directory + ", which is not safe: " + danger);
        }
        return danger == null;
    }

    /** Begins the archives that are due; called about once a second. */
    public synchronized void look() {
        try {
            findListed();
            for (Job job : jobs) {
                Path classes = job.archive.classes();
                if (Files.exists(classes)
                        // Either way: the clock may have been set back since.
                        && Math.abs(System.currentTimeMillis()
                                        - Files.getLastModifiedTime(classes).toMillis())
                                > QUIET_MILLIS) {
                    begin(job);
                }
            }
        } catch (IOException e) {
            // The directory was removed meanwhile, which the next look sees.
            lookedAt = null;
        }
    }

    /** Finds the subcommands that have been listed: a new file changes the directory. */
    private void findListed() throws IOException {
        Path commands = directory;
        FileTime changed = commands == null ? null : Files.getLastModifiedTime(commands);
        if (commands == null || changed == null || changed.equals(lookedAt)) {
            return;
        }
        for (Path file : files(commands, Archive.COMMAND + "*" + Archive.CLASSES)) {
            String name = String.valueOf(file.getFileName());
            Archive archive = Archive.named(commands, name.substring(0, name.length() - Archive.CLASSES.length()));
            boolean known = false;
            for (Job job : jobs) {
                known |= job.archive.name().equals(archive.name());
            }
            if (!known) {
                jobs.add(new Job(archive, java, classPath, collector, List.of()));
            }
        }
        lookedAt = changed;
    }

    /** Begins the archives that are still to be made; the daemon has left, and its process ends when they are made. */
    public synchronized void finish() {
        try {
            lookedAt = null;
            findListed();
        } catch (IOException e) {
            log.accept("the archives cannot be looked at: " + e);
        }
        for (Job job : jobs) {
            if (Files.exists(job.archive.classes())) {
                begin(job);
            }
        }
    }

    /** Abandons the archive that is being made: the process is to end now. Does not wait. */
    public void end() {
        ended = true;
        for (Process process : processes) {
            process.destroyForcibly();
        }
    }

    private void begin(Job job) {
        if (job.runs || ended || ++job.attempts > ATTEMPTS) {
            return;
        }
        job.runs = true;
        Thread thread = new Thread(() -> makeLocked(job), "auto-daemon-archive");
        thread.setDaemon(false);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            job.runs = false;
            log.accept("no archive of loaded classes is made at " + job.archive.file() + " for now: " + e.getMessage());
        }
    }

    private void makeLocked(Job job) {
        Archive archive = job.archive;
        try (LockFile lock = isSafe(archive.directoryPath()) ? LockFile.tryAcquire(archive.lock()) : null) {
            if (lock != null) {
                make(job);
            }
        } catch (IOException e) {
            log.accept("no archive of loaded classes was made at " + archive.file() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                job.runs = false;
            }
        }
    }

    private void make(Job job) throws IOException, InterruptedException {
        Archive archive = job.archive;
        Path list = archive.directoryPath().resolve(archive.name() + ".list");
        Path made = archive.directoryPath().resolve(archive.name() + ".made");
        Path sealed = archive.directoryPath().resolve(archive.name() + ".sealed");
        try {
            copyLines(archive.classes(), list);
            Files.deleteIfExists(made);
            String failure = run(job.command(List.of(
                    "-Xshare:dump",
                    "-Xlog:disable",
                    "-XX:TieredStopAtLevel=1",
                    // Up to JDK 23 no other collector puts objects into an archive.
                    "-XX:+UseG1GC",
                    // From JDK 24 on: classes are not only parsed but linked.
                    "-XX:+IgnoreUnrecognizedVMOptions",
                    "-XX:+AOTClassLinking",
                    "-XX:SharedClassListFile=" + list,
                    "-XX:SharedArchiveFile=" + made)));
            if (failure == null) {
                failure = run(job.command(List.of(
                        "-Xshare:on",
                        "-XX:+VerifySharedSpaces",
                        "-Xlog:disable",
                        "-XX:SharedArchiveFile=" + made,
                        "-version")));
            }
            if (failure == null) {
                seal(job, made, sealed);
                deleteOlder(archive);
                tidy(archive);
                log.accept("made an archive of loaded classes: " + archive.file());
            } else if (!ended) {
                log.accept("no archive of loaded classes was made at " + archive.file() + ": " + failure);
            }
        } finally {
            delete(list);
            delete(made);
            delete(sealed);
            delete(archive.classes());
            delete(job.arguments());
        }
    }

    /** The JVM that writes the list may be in the middle of its last line. */
    private static void copyLines(Path classes, Path list) throws IOException {
        byte[] bytes = Files.readAllBytes(classes);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        Files.deleteIfExists(list);
        Files.write(list, Arrays.copyOf(bytes, end));
    }

    /** Runs a command; null when it succeeded, else its output. */
    private @Nullable String run(List<String> command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            whole.addAll(List.of(NICE.toString(), "-n", "19"));
        }
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        processes.add(process);
        try {
            if (ended) {
                return "the daemon ends";
            }
            // The output is read to its end, which does not come if the process hangs.
            var unused = process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly());
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            return code == 0 ? null : "exit code " + code + " of " + command.get(0) + "; " + said.strip();
        } finally {
            process.destroyForcibly();
            processes.remove(process);
        }
    }

    /** In this order there is never a seal beside another archive than its own, and never half of an archive. */
    private static void seal(Job job, Path made, Path sealed) throws IOException {
        Archive archive = job.archive;
        Files.writeString(sealed, job.collector + "\n");
        Files.setLastModifiedTime(sealed, Archive.SEALED);
        Files.setAttribute(made, "unix:mode", MARKED);
        Files.setLastModifiedTime(made, Archive.SEALED);
        Files.deleteIfExists(archive.seal());
        Files.move(made, archive.file(), StandardCopyOption.ATOMIC_MOVE);
        Files.move(sealed, archive.seal(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void tidy(Archive archive) {
        Path all;
        synchronized (this) {
            all = root;
        }
        if (all != null && archive.directoryPath().startsWith(all)) {
            try {
                Cache.tidy(all, archive, Cache.LIMIT);
            } catch (IOException e) {
                log.accept("the archives in " + all + " cannot be kept within bounds: " + e);
            }
        }
    }

    /** Deletes the archives of earlier versions of the same service, which have other digests. */
    private static void deleteOlder(Archive archive) throws IOException {
        String family = archive.family();
        if (family == null) {
            return;
        }
        for (Path file : files(archive.directoryPath(), family + "*")) {
            if (!String.valueOf(file.getFileName()).startsWith(archive.name() + ".")) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static List<Path> files(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            files.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The file takes room, and nothing else.
            return;
        }
    }

    /** Makes the archives of a daemon's order; null for none. */
    public void see(@Nullable ArchiveOrder order) throws IOException {
        if (order != null) {
            Path directory = Path.of(order.directory());
            addCommands(
                    directory,
                    order.java(),
                    order.classPath(),
                    order.collector(),
                    order.root().isEmpty() ? null : Path.of(order.root()));
            add(
                    Archive.named(directory, order.daemon()),
                    order.daemonJava(),
                    order.daemonClassPath(),
                    order.daemonModules());
        }
    }
}
