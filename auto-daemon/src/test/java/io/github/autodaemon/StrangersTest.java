package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another user, and a file system of its own: only the superuser can arrange either. Elsewhere these are reported as not
 * run, and in CI that is a failure.
 */
@Timeout(60)
class StrangersTest {
    private static final String NOBODY = "65534";
    /** Not the one of another run of this test at the same time: their directories in {@code /tmp} have the same name. */
    private static final String STRANGER =
            Long.toString(60_000 + ProcessHandle.current().pid() % 5_000);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    @BeforeEach
    void weAreTheSuperuser() throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need the superuser");
            }
            abort("only the superuser can be another user");
        }
    }

    /** The class path where the other user can read it. */
    private ProcessBuilder asNobody(Path socket, String... words) throws IOException {
        ProcessBuilder builder = as(NOBODY, socket.toString(), words);
        builder.environment()
                .put("XDG_RUNTIME_DIR", scratch.directory().resolve("theirs").toString());
        return builder;
    }

    private ProcessBuilder as(String uid, String socket, String... words) throws IOException {
        Path classes = scratch.directory().resolve("classes");
        StringBuilder path = new StringBuilder();
        if (!Files.exists(classes)) {
            Files.createDirectory(classes);
            Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (Class<?> type : List.of(LabService.class, AutoDaemon.class, com.google.gson.Gson.class)) {
            Path from = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().getPath());
            Path to = classes.resolve(type.getSimpleName() + (Files.isDirectory(from) ? "" : ".jar"));
            if (!Files.exists(to)) {
                copy(from, to);
            }
            path.append(path.length() == 0 ? "" : ":").append(to);
        }
        ProcessBuilder builder = scratch.command(words);
        List<String> command = builder.command();
        command.set(command.indexOf("-cp") + 1, path.toString());
        command.set(command.indexOf(scratch.socket().toString()), socket);
        command.addAll(0, List.of("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"));
        return builder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, from.equals(file) ? to : target);
                Files.setPosixFilePermissions(
                        from.equals(file) ? to : target,
                        PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private Path theirs() throws IOException {
        Path directory = Files.createDirectory(
                scratch.directory().resolve("theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(directory, "unix:uid", Integer.parseInt(NOBODY));
        return directory;
    }

    /** A cron job, say, runs before the user has logged in: there is no directory in /run/user yet. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasStartedBeforeTheFirstLoginIsFoundAfterIt(boolean exclusive) throws Exception {
        String uid = Long.toString(200_000 + ProcessHandle.current().pid() % 1_000_000);
        String name = "early";
        String option = exclusive ? "exclusive=1" : "timeout=60000";
        Path before = Path.of("/tmp/auto-daemon-" + uid);
        Path after = Path.of("/run/user/" + uid);
        try {
            assertThat(Scratch.output(atHome(uid, name, option, "add", "1"))).isEqualTo("1");
            assertThat(before.resolve(name + ".sock")).exists();
            Files.createDirectories(
                    after, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setAttribute(after, "unix:uid", Integer.parseInt(uid));
            assertThat(Scratch.output(atHome(uid, name, option, "add", "1"))).isEqualTo("2");
            // It is replaced where it is.
            assertThat(Scratch.output(atHome(uid, name, option, "args=more", "add", "1")))
                    .startsWith("auto-daemon: replaced the daemon at " + before.resolve(name + ".sock"))
                    .endsWith("\n1");
            assertThat(after.resolve("auto-daemon/early.sock")).doesNotExist();
            // While it ends, it is still the one; whoever starts the next one sees the lock.
            for (ProcessHandle daemon : scratch.daemons()) {
                daemon.destroy();
                Processes.awaitEnd(daemon);
            }
            assertThat(Scratch.output(atHome(uid, name, option, "add", "1"))).isEqualTo("1");
            assertThat(after.resolve("auto-daemon/early.sock")).exists();
            assertThat(before.resolve(name + ".sock")).doesNotExist();
        } finally {
            scratch.daemons().forEach(ProcessHandle::destroyForcibly);
            for (Path directory : List.of(before, after)) {
                delete(directory);
            }
        }
    }

    /** Without anything in the environment that names a directory. */
    private ProcessBuilder atHome(String uid, String name, String... words) throws IOException {
        ProcessBuilder builder = as(uid, name, words);
        builder.environment().remove("XDG_RUNTIME_DIR");
        return builder;
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Root's daemon in a place where others may look, and its socket opened to all by mistake. */
    @Test
    void anotherUserIsRefusedByTheDaemonAndTold() throws Exception {
        assertThat(Scratch.output(scratch.command("add", "1"))).isEqualTo("1");
        ProcessBuilder nobody = asNobody(scratch.socket(), "add", "1");
        Files.setPosixFilePermissions(scratch.socket(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(Scratch.output(nobody))
                .startsWith("UnreachableException: the other end of the socket belongs to user root, this process to");
        // One that does not look whom it talks to is refused by the other end.
        ProcessBuilder careless = asNobody(scratch.socket(), "allowroot=1", "add", "1");
        assertThat(Scratch.output(careless))
                .startsWith("UnreachableException: the daemon at " + scratch.socket() + " refused: this daemon belongs"
                        + " to user root and serves nobody else; you are user nobody");
        assertThat(Files.readString(scratch.directory().resolve("s.log")))
                .contains("a connection was refused: the other end of the socket belongs to user nobody");
        assertThat(Scratch.output(scratch.command("add", "1"))).isEqualTo("2");
        assertThat(scratch.daemons()).hasSize(1);
    }

    @Test
    void theSuperuserIsAStrangerUnlessAllowed() throws Exception {
        Path socket = theirs().resolve("s");
        Process holder = asNobody(socket, "hold").start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).startsWith("pid ");
            ProcessBuilder root = scratch.command("add", "1");
            root.command().set(root.command().indexOf(scratch.socket().toString()), socket.toString());
            assertThat(Scratch.output(root))
                    .contains("the other end of the socket belongs to user nobody, this process to root; a description"
                            + " with allowRoot(true) lets the superuser in");
            ProcessBuilder allowed = scratch.command("allowroot=1", "add", "1");
            allowed.command().set(allowed.command().indexOf(scratch.socket().toString()), socket.toString());
            assertThat(Scratch.output(allowed)).contains("refused: this daemon belongs to user nobody");
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void theSuperuserIsLetInWhereThatIsAllowed() throws Exception {
        Path socket = theirs().resolve("s");
        ProcessBuilder nobody = asNobody(socket, "allowroot=1", "add", "1");
        assertThat(Scratch.output(nobody)).isEqualTo("1");
        AutoDaemon<Lab> lab = AutoDaemon.of(Lab.class, LabService.class)
                .socket(socket)
                .allowRoot(true)
                .classPath(nobody.command().get(nobody.command().indexOf("-cp") + 1))
                .build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(2);
        }
    }

    /** As {@code /tmp} is: everybody may put files there, and nobody may move those of others. */
    private Path sticky() throws Exception {
        Path directory = Files.createDirectory(scratch.directory().resolve("sticky"));
        run("chmod", "1777", directory.toString());
        return directory;
    }

    private static void give(Path file, String owner, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(file, "unix:uid", Integer.parseInt(owner));
    }

    /** What is not needed for a start fails none, wherever it comes from, and what it was for is said. */
    @Test
    void whatAStrangerLeftFailsNoStart() throws Exception {
        Path directory = sticky();
        Path socket = directory.resolve("s");
        List<String> all = List.of("failed", "log.previous", "log.older", "info", "history", "info.tmp", "history.tmp");
        give(directory.resolve("s.log"), NOBODY, "of a run before\n");
        for (String name : all) {
            give(directory.resolve("s." + name), STRANGER, "a stranger's");
        }
        assertThat(Scratch.output(asNobody(socket, "add", "1")).lines())
                .containsExactly(
                        "auto-daemon: the log of the last run was not kept: " + unsafe(directory, "s.log.previous"),
                        "auto-daemon: the note of an earlier failure stays: " + unsafe(directory, "s.failed"),
                        "1");
        assertThat(Files.readString(directory.resolve("s.log")))
                .contains("the start could not be written down: " + unsafe(directory, "s.info"))
                .doesNotContain("of a run before");
        for (String name : all) {
            assertThat(directory.resolve("s." + name)).hasContent("a stranger's");
        }
        // One that fails leaves no note, so the next one tries.
        Scratch.end(Scratch.output(asNobody(socket, "pid")));
        ProcessBuilder broken = asNobody(socket, "jvm=-Dlab.constructorThrows=true", "add", "1");
        assertThat(Scratch.output(broken)).contains("could not be started").doesNotContain("a stranger's");
    }

    private static String unsafe(Path directory, String name) {
        Path file = directory.resolve(name);
        return "the file " + file + " is not safe to use: it is a regular file of user id " + STRANGER
                + " and must be a regular file of user id " + NOBODY + "; delete it (rm " + file
                + "), or use another directory";
    }

    /** Without its log, its locks or its socket there is no daemon: the message names the rule and the mend. */
    @Test
    void whatAStrangerPutInThePlaceOfALogOrALockIsRefused() throws Exception {
        for (String name : List.of("s.log", "s.lock", "s.spawn")) {
            Path directory = sticky();
            give(directory.resolve(name), STRANGER, "a stranger's");
            assertThat(Scratch.output(asNobody(directory.resolve("s"), "add", "1")))
                    .contains(unsafe(directory, name));
            assertThat(directory.resolve(name)).hasContent("a stranger's");
            io.github.autodaemon.testing.TestDirectory.delete(directory);
        }
    }

    /** A start goes on in the log of the last one, if that has failed; here it is another name of a file of the victim's. */
    @Test
    void aPrivateFileThatHasTheLogsNameIsNotAppendedTo() throws Exception {
        Path directory = sticky();
        Path precious = theirs().resolve("precious");
        give(precious, NOBODY, "precious");
        Files.createLink(directory.resolve("s.log"), precious);
        give(directory.resolve("s.failed"), NOBODY, "{}");
        assertThat(Scratch.output(asNobody(directory.resolve("s"), "add", "1"))).isEqualTo("1");
        assertThat(precious).hasContent("precious");
        assertThat(Files.readString(directory.resolve("s.log"))).contains("started by");
        assertThat(Files.getAttribute(directory.resolve("s.log"), "unix:nlink")).isEqualTo(1);
    }

    /** Somebody was quicker to make the directory that everybody can name. */
    @Test
    void aDefaultDirectoryOfAnotherUserIsRefusedAndTheRuleNamed() throws Exception {
        Path directory = Files.createDirectory(Path.of("/tmp/auto-daemon-" + STRANGER));
        try {
            for (String mode : List.of("rwx------", "rwxr-xr-x")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
                ProcessBuilder victim = asNobody(scratch.socket(), "add", "1");
                victim.command().replaceAll(word -> word.equals(NOBODY) ? STRANGER : word);
                victim.command().set(victim.command().indexOf(scratch.socket().toString()), "lab");
                victim.environment().remove("XDG_RUNTIME_DIR");
                assertThat(Scratch.output(victim))
                        .startsWith("UnreachableException: the directory " + directory + " is not safe: it belongs to"
                                + " user id 0 and must belong to " + STRANGER
                                + ". To use another, set XDG_RUNTIME_DIR");
            }
            assertThat(directory).isEmptyDirectory();
        } finally {
            Files.delete(directory);
        }
    }

    /** Not there, and not for this user to see, are two things. */
    @Test
    void aDirectoryThatMayNotBeEnteredIsNoMissingOne() throws Exception {
        Path closed = Files.createDirectory(
                scratch.directory().resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path socket = Files.createDirectory(closed.resolve("d")).resolve("s");
        assertThat(Scratch.output(asNobody(socket, "add", "1")))
                .isEqualTo("UnreachableException: the directory of the socket " + socket + " cannot be used: "
                        + closed.resolve("d") + ": Permission denied; mend that, or use another");
        assertThat(Scratch.output(asNobody(closed.resolve("s"), "add", "1")))
                .isEqualTo("UnreachableException: " + closed.resolve("s") + ": Permission denied, which the daemon at "
                        + closed.resolve("s") + " needs; try again, or use another directory");
    }

    /** The limit of a user's processes counts threads; the superuser has none. */
    @Test
    void aDaemonThatIsGivenNoThreadsServesAllTheSame() throws Exception {
        Path socket = theirs().resolve("s");
        ProcessBuilder nobody = asNobody(socket, "allowroot=1", "pid");
        String pid = Scratch.output(nobody);
        AutoDaemon<Lab> lab = AutoDaemon.of(Lab.class, LabService.class)
                .socket(socket)
                .allowRoot(true)
                .classPath(nobody.command().get(nobody.command().indexOf("-cp") + 1))
                .build();
        try (Connection<Lab> connection = lab.connect()) {
            String before = processesOf(pid);
            limitProcesses(pid, "1");
            int refused = 0;
            List<Duplex> streams = new ArrayList<>();
            // Some find a thread that is there and has nothing to do.
            while (refused < 3) {
                Duplex stream = connection.rpc().echo();
                streams.add(stream);
                try {
                    stream.output().write('x');
                    assertThat(stream.input().read()).isEqualTo('x');
                } catch (IOException e) {
                    assertThat(e)
                            .hasMessageContaining("no thread could be made for the stream of \"echo\": unable to create"
                                    + " native thread");
                    refused++;
                }
            }
            for (int sum = 1; sum < 5; sum++) {
                assertThatThrownBy(() -> connection.rpc(Duration.ofMillis(20)).waitForGate())
                        .isInstanceOf(CallTimeoutException.class);
                // Not the leader's, after a slow one.
                assertThat(connection.rpc().add(1)).isEqualTo(sum);
            }
            try (Connection<Lab> another = lab.connect()) {
                assertThat(another.rpc().add(1)).isEqualTo(5);
            }
            streams.forEach(stream -> stream.cancel("enough"));
            limitProcesses(pid, before);
            try (Duplex stream = connection.rpc().echo()) {
                stream.output().write('y');
                assertThat(stream.input().read()).isEqualTo('y');
            }
            assertThat(connection.pid()).hasValue(Long.parseLong(pid));
        }
        DaemonStatus status = lab.status().orElseThrow();
        while (status.references() + status.streams() > 0) {
            status = lab.status().orElseThrow();
        }
        assertThat(status.calls() + status.waiting()).isZero();
    }

    /** {@code sudo} with the user's environment: nothing of root's is left in the user's directory. */
    @Test
    void theSuperuserLeavesNothingInADirectoryOfTheUsers() throws Exception {
        Path directory = theirs();
        ProcessBuilder explicit = scratch.command("add", "1");
        explicit.command()
                .set(
                        explicit.command().indexOf(scratch.socket().toString()),
                        directory.resolve("s").toString());
        assertThat(Scratch.output(explicit))
                .startsWith("UnreachableException: the directory " + directory + " is not safe for a socket: it belongs"
                        + " to user id " + NOBODY + " and must belong to 0 or to root (chown 0 " + directory + "); or");
        ProcessBuilder named = scratch.command("status");
        named.command().set(named.command().indexOf(scratch.socket().toString()), "auto-daemon-test-of-sudo");
        named.environment().put("XDG_RUNTIME_DIR", directory.toString());
        assertThat(Scratch.output(named)).isEqualTo("not running");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    /** A directory of ours in one of another user's, who can put a link in its place while nobody looks. */
    @Test
    void whatLiesInAnotherUsersDirectoryIsRefused() throws Exception {
        Path theirs = theirs();
        Path ours = Files.createDirectories(theirs.resolve("a/ours"));
        assertThatThrownBy(() -> at(ours).connect())
                .hasMessage("the directory " + ours + " is not safe for a socket: " + theirs
                        + " above it belongs to user id " + NOBODY + " and must belong to 0 or to root (chown 0 "
                        + theirs
                        + "); or use another directory, of your own");
        assertThat(ours).isEmptyDirectory();
    }

    /** All users whom a user namespace does not map have the same number in it, and so have their files. */
    @Test
    void whoIsNobodyInParticularIsRefused() throws Exception {
        ProcessBuilder two = scratch.command("add", "1");
        two.command().addAll(0, List.of("unshare", "--user"));
        assertThat(Scratch.output(two))
                .startsWith("UnreachableException: this process has no user id of its own: in its user namespace 65534"
                        + " stands for all users without one (/proc/sys/kernel/overflowuid)")
                .contains("give it one there (unshare --map-current-user");
        assertThat(scratch.directory()).isEmptyDirectory();

        // One that is served already does not take them in either, nor do they take it for theirs.
        Path socket = theirs().resolve("s");
        Process holder = asNobody(socket, "hold").start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).startsWith("pid ");
            ProcessBuilder other = asNobody(socket, "add", "1");
            other.command().addAll(other.command().indexOf("--clear-groups") + 1, List.of("unshare", "--user"));
            assertThat(Scratch.output(other)).contains("this process has no user id of its own");
            // The very same user, in the first namespace, has a number: it means nobody else there.
            assertThat(Scratch.output(asNobody(socket, "add", "1"))).isEqualTo("1");
        } finally {
            holder.destroyForcibly();
        }
    }

    /** The soft limit. */
    private static String processesOf(String pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", pid, "limits"))) {
            if (line.startsWith("Max processes")) {
                return line.substring("Max processes".length()).strip().split(" ", -1)[0];
            }
        }
        throw new AssertionError("no limit of processes");
    }

    private static void limitProcesses(String pid, String soft) throws Exception {
        run(
                "setpriv",
                "--reuid",
                NOBODY,
                "--regid",
                NOBODY,
                "--clear-groups",
                "prlimit",
                "--pid",
                pid,
                "--nproc=" + soft + ":");
    }

    private Path mount(String options) throws Exception {
        Path place = Files.createDirectory(scratch.directory().resolve("small"));
        run("mount", "-t", "tmpfs", "-o", options, "none", place.toString());
        return place;
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static void fill(Path place) throws IOException {
        try (var out = Files.newOutputStream(place.resolve("filler"))) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            // Full, as it should be.
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private AutoDaemon<Lab> at(Path place) {
        return AutoDaemon.of(Lab.class, LabService.class)
                .socket(place.resolve("s"))
                .build();
    }

    private void end(Path place) throws Exception {
        for (ProcessHandle process : scratch.processes()) {
            process.destroyForcibly();
            Processes.awaitEnd(process);
        }
        run("umount", "--lazy", place.toString());
    }

    /** The log, the info file and the history have no room; the daemon serves all the same. */
    @Test
    void aFullDiskFailsNoStart() throws Exception {
        Path place = mount("size=64k,mode=0700");
        try {
            fill(place);
            try (Connection<Lab> connection = at(place).connect()) {
                assertThat(connection.rpc().add(1)).isEqualTo(1);
                assertThat(connection.rpc().print("nowhere to go")).isEqualTo("nowhere to go");
            }
            try (Connection<Lab> connection = at(place).connect()) {
                assertThat(connection.rpc().add(1)).isEqualTo(2);
            }
            Files.delete(place.resolve("filler"));
            assertThat(at(place).stop(java.time.Duration.ofSeconds(20))).isTrue();
            try (Connection<Lab> connection = at(place).connect()) {
                assertThat(connection.rpc().add(1)).isEqualTo(1);
            }
        } finally {
            end(place);
        }
    }

    /** Not even a directory entry can be made. */
    @Test
    void aDiskWithoutInodesIsAClearError() throws Exception {
        Path place = mount("nr_inodes=2,mode=0700");
        try {
            String message = org.assertj.core.api.Assertions.catchThrowable(
                            () -> at(place).connect().close())
                    .getMessage();
            assertThat(message).contains(place.toString()).contains("No space left on device");
            assertThat(scratch.daemons()).isEmpty();
        } finally {
            end(place);
        }
    }

    @Test
    void aDiskThatFillsUnderADaemonDoesNotStopIt() throws Exception {
        Path place = mount("size=256k,mode=0700");
        try (Connection<Lab> connection = at(place).connect()) {
            fill(place);
            connection.rpc().flood(100);
            assertThat(connection.rpc().add(1)).isEqualTo(1);
            Files.delete(place.resolve("filler"));
            connection.rpc().print("room again");
            assertThat(Files.readString(place.resolve("s.log"))).contains("room again");
        } finally {
            end(place);
        }
    }

    @Test
    void aReadOnlyDiskIsAClearError() throws Exception {
        Path place = mount("size=256k,mode=0700");
        try {
            at(place).connect().close();
            assertThat(at(place).stop(java.time.Duration.ofSeconds(20))).isTrue();
            run("mount", "-o", "remount,ro", place.toString());
            String message = org.assertj.core.api.Assertions.catchThrowable(
                            () -> at(place).connect().close())
                    .getMessage();
            assertThat(message).contains(place.toString()).contains("Read-only file system");
        } finally {
            end(place);
        }
    }
}
