package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What daemons need of a machine, looked at one by one: what one check finds keeps back no other. */
final class Checks {
    private static final int FEW_DESCRIPTORS = 1024;
    private static final int OLDEST = 17;
    private static final int LONGEST_PATH = 106;
    private static final int FEW_CHARACTERS = 32;
    private static final Path SELF = Path.of("/proc/self");

    private final Path directory;
    private final List<Finding> findings = new ArrayList<>();

    Checks(Path directory) {
        this.directory = directory;
    }

    /** All that the directory for sockets has to be, and then the machine. */
    List<Finding> run() {
        environment();
        room();
        if (directory()) {
            locks();
            sockets();
        }
        return findings;
    }

    /** What there is beside the directory; each is looked at whatever the others are like. */
    static List<Finding> machine() {
        Checks checks = new Checks(Path.of("/"));
        checks.limits();
        checks.programs();
        checks.jdks();
        checks.front();
        return checks.findings;
    }

    /** The daemons themselves. */
    static List<Finding> of(List<Daemon> daemons) {
        Checks checks = new Checks(Path.of("/"));
        checks.daemons(daemons);
        return checks.findings;
    }

    private void front() {
        findings.add(Daemons.noFrontBecause()
                .map(why -> Finding.warning(
                        "front", why, "commands start a JVM each; docs/front.md says what a front needs"))
                .orElseGet(() -> Finding.ok("front", "commands whose program offers it can be native")));
    }

    private void environment() {
        String configured = System.getenv("XDG_RUNTIME_DIR");
        if (configured != null && !configured.isEmpty() && !directory.startsWith(real(configured))) {
            findings.add(Finding.warning(
                    "XDG_RUNTIME_DIR",
                    configured + " is not used: it is no directory of yours with mode 0700",
                    "set it to one, or unset it"));
        }
    }

    private static Path real(String path) {
        try {
            return Path.of(path).toRealPath();
        } catch (IOException | IllegalArgumentException e) {
            return Path.of("/nowhere");
        }
    }

    /** Whether a socket's path has room for a name: the kernel takes 107 bytes, and Java gives away one of them. */
    private void room() {
        int room = LONGEST_PATH
                - directory.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                - "/.sock".length();
        String subject = "names";
        String shorter = "set XDG_RUNTIME_DIR to a directory of yours with a shorter path and mode 0700";
        if (room < 1) {
            findings.add(Finding.problem(
                    subject,
                    directory + " is too long: a socket in it cannot have a path of " + LONGEST_PATH + " bytes or less",
                    shorter));
        } else if (room < FEW_CHARACTERS) {
            findings.add(Finding.warning(
                    subject, "names in " + directory + " can have " + room + " characters only", shorter));
        } else {
            findings.add(Finding.ok(subject, "can have up to " + room + " characters"));
        }
    }

    private boolean directory() {
        String subject = "directory";
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                missing(subject);
                return false;
            }
            Map<String, Object> facts = Files.readAttributes(directory, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
            int mode = (Integer) facts.getOrDefault("mode", 0) & 07777;
            // Who has no home directory, or no name, has a process.
            Path witness = Files.exists(SELF) ? SELF : Path.of(System.getProperty("user.home", "/"));
            Object uid = Files.getAttribute(witness, "unix:uid");
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                findings.add(Finding.problem(
                        subject,
                        directory + " is no directory",
                        "move it away: mv " + directory + " " + directory + ".old"));
            } else if (!uid.equals(facts.get("uid"))) {
                findings.add(Finding.problem(
                        subject,
                        directory + " belongs to user id " + facts.get("uid") + ", and you are " + uid,
                        "have its owner remove it, or set XDG_RUNTIME_DIR to a directory of yours with mode 0700"));
            } else if ((mode & 077) != 0) {
                findings.add(Finding.problem(
                        subject,
                        directory + " has mode 0" + Integer.toOctalString(mode) + " and must have 0700",
                        "chmod 700 " + directory));
            } else {
                findings.add(Finding.ok(
                        subject,
                        directory + ", yours, mode 0700, on "
                                + Files.getFileStore(directory).type()));
                return true;
            }
        } catch (IOException e) {
            findings.add(Finding.problem(subject, directory + " cannot be looked at: " + e, "see to that"));
        }
        return false;
    }

    private void missing(String subject) {
        Path parent = directory.getParent();
        if (parent != null && Files.isDirectory(parent) && Files.isWritable(parent)) {
            findings.add(Finding.ok(subject, directory + " does not exist yet; the first daemon makes it"));
        } else {
            findings.add(Finding.problem(
                    subject,
                    directory + " does not exist, and cannot be made: " + parent
                            + (parent != null && Files.isDirectory(parent)
                                    ? " is not yours to write to"
                                    : " is no directory"),
                    "set XDG_RUNTIME_DIR to a directory of yours with mode 0700"));
        }
    }

    private void locks() {
        String subject = "file locks";
        Path file = directory.resolve(".doctor-" + ProcessHandle.current().pid());
        try (FileChannel channel = FileChannel.open(
                file,
                java.util.Set.of(
                        StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                findings.add(Finding.problem(
                        subject, "a fresh file in " + directory + " is locked by somebody", "use another directory"));
            } else {
                lock.release();
                findings.add(Finding.ok(subject, "work in " + directory));
            }
        } catch (IOException e) {
            findings.add(Finding.problem(
                    subject,
                    "do not work in " + directory + ": " + e.getMessage(),
                    "see to the file system (df " + directory
                            + "), or set XDG_RUNTIME_DIR to a directory on a local one"));
        }
    }

    private void sockets() {
        String subject = "sockets";
        Path path = directory.resolve(".doctor-" + ProcessHandle.current().pid() + ".s");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
            findings.add(Finding.ok(subject, "can be made there"));
        } catch (IOException e) {
            findings.add(Finding.problem(
                    subject, "cannot be made in " + directory + ": " + e.getMessage(), "see to the file system"));
        } finally {
            delete(path);
        }
    }

    private void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            findings.add(Finding.warning("sockets", path + " could not be removed: " + e.getMessage(), "remove it"));
        }
    }

    private void limits() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    // The JVM raises its own soft limit to the hard one.
                    String[] words =
                            line.substring("Max open files".length()).strip().split(" +", -1);
                    boolean few = !words[1].equals("unlimited") && Long.parseLong(words[1]) < FEW_DESCRIPTORS;
                    findings.add(
                            few
                                    ? Finding.warning(
                                            "limits",
                                            "a process can have " + words[1] + " open files; each connection takes one",
                                            "raise it: ulimit -Hn " + FEW_DESCRIPTORS)
                                    : Finding.ok("limits", words[1] + " open files for a process"));
                }
            }
        } catch (IOException | NumberFormatException e) {
            findings.add(Finding.warning("limits", "cannot be read: " + e.getMessage(), "ask ulimit -n"));
        }
    }

    private void programs() {
        if (onPath("setsid") == null) {
            findings.add(Finding.warning(
                    "setsid",
                    "is not installed; daemons are started in the session of the terminal, with its signals ignored",
                    "install util-linux"));
        } else {
            findings.add(Finding.ok("setsid", String.valueOf(onPath("setsid"))));
        }
        if (!Files.isExecutable(Path.of("/bin/sh"))) {
            findings.add(Finding.problem("sh", "/bin/sh is missing; no daemon can be started", "install a shell"));
        }
    }

    private static @Nullable Path onPath(String program) {
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return Path.of(directory, program);
            }
        }
        return null;
    }

    private void jdks() {
        findings.add(Finding.ok(
                "jvm",
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + System.getProperty("java.home")));
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty() && !Files.isExecutable(Path.of(home, "bin", "java"))) {
            findings.add(Finding.problem("JAVA_HOME", home + " has no bin/java", "set it to a JDK, or unset it"));
        } else if (home != null && !home.isEmpty()) {
            jdk("JAVA_HOME", Path.of(home));
        }
        Path java = onPath("java");
        try {
            Path bin = java == null ? null : java.toRealPath().getParent();
            Path found = bin == null ? null : bin.getParent();
            if (found != null) {
                jdk("java on PATH", found);
            }
        } catch (IOException e) {
            findings.add(Finding.problem("java on PATH", java + " leads nowhere: " + e.getMessage(), "mend the link"));
        }
    }

    private void jdk(String subject, Path home) {
        try {
            String version = "";
            for (String line : Files.readAllLines(home.resolve("release"))) {
                version = line.startsWith("JAVA_VERSION=")
                        ? line.substring("JAVA_VERSION=".length()).replace("\"", "")
                        : version;
            }
            String major = version.startsWith("1.") ? version.substring(2) : version;
            int end = 0;
            while (end < major.length() && Character.isDigit(major.charAt(end))) {
                end++;
            }
            boolean old = end > 0 && Integer.parseInt(major.substring(0, end)) < OLDEST;
            findings.add(
                    old
                            ? Finding.problem(
                                    subject, home + " is Java " + version, "daemons need Java " + OLDEST + " or later")
                            : Finding.ok(subject, home + ", Java " + (version.isEmpty() ? "unknown" : version)));
        } catch (IOException e) {
            findings.add(Finding.ok(subject, home + ", of a version that it does not tell"));
        }
    }

    private void daemons(List<Daemon> daemons) {
        long running = daemons.stream().filter(Daemon::isRunning).count();
        findings.add(Finding.ok("daemons", running + (running == 1 ? " runs" : " run")));
        for (Daemon daemon : daemons) {
            String who = Names.shown(daemon) + " (" + daemon.socket() + ")";
            switch (daemon.state()) {
                case NOT_RESPONDING ->
                    findings.add(Finding.problem(
                            "daemons",
                            who + " does not respond" + Printing.pid(daemon) + ": " + daemon.note(),
                            "look at its threads (jstack), or end it: autod stop --kill " + daemon.socket()));
                case LEFTOVER ->
                    findings.add(Finding.warning("leftovers", who + ": " + daemon.note(), "autod ps --clean"));
                case OTHER ->
                    findings.add(Finding.problem(
                            "daemons", daemon.note(), "remove it, or give the daemon another name or socket"));
                default -> {
                    // As it should be.
                }
            }
        }
    }
}
