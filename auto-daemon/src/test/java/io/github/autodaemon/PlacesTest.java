package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The socket, its directory, and what others do to them. */
@Timeout(60)
class PlacesTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static AutoDaemonBuilder<Lab> at(Path socket) {
        return AutoDaemon.of(Lab.class, LabService.class).socket(socket);
    }

    private static Path privateDirectory(Path directory) throws IOException {
        return Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void aDaemonWhoseDirectoryIsDeletedLeaves() throws Exception {
        Path directory = privateDirectory(scratch.directory().resolve("d"));
        ProcessHandle daemon;
        try (Connection<Lab> connection = at(directory.resolve("s")).build().connect()) {
            daemon = connection.spawned().orElseThrow();
            delete(directory);
            assertThatThrownBy(() -> at(directory.resolve("s")).build().connect())
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("the directory of the socket " + directory.resolve("s") + " does not exist");
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
        Processes.awaitEnd(daemon);
        assertThat(directory).doesNotExist();
    }

    @Test
    void aDaemonWhoseDirectoryIsMadeAnewLeavesAndTheNextOneServes() throws Exception {
        Path directory = privateDirectory(scratch.directory().resolve("d"));
        AutoDaemon<Lab> lab = at(directory.resolve("s")).build();
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect()) {
            daemon = connection.spawned().orElseThrow();
            delete(directory);
            privateDirectory(directory);
            try (Connection<Lab> fresh = lab.connect()) {
                assertThat(fresh.rpc().pid()).isNotEqualTo(daemon.pid());
                assertThat(connection.rpc().add(1)).isEqualTo(1);
            }
        }
        Processes.awaitEnd(daemon);
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.spawned()).isEmpty();
        }
    }

    /** The path names another socket now: the old daemon leaves it alone when it goes. */
    @Test
    void aSocketThatWasMovedAwayIsNoLongerTheDaemons() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Path elsewhere = scratch.directory().resolve("elsewhere");
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect()) {
            daemon = connection.spawned().orElseThrow();
            Files.move(scratch.socket(), elsewhere);
            try (Connection<Lab> fresh = lab.connect()) {
                assertThat(fresh.rpc().pid()).isNotEqualTo(daemon.pid());
            }
        }
        Processes.awaitEnd(daemon);
        assertThat(scratch.socket()).exists();
        assertThat(elsewhere).exists();
        Files.delete(elsewhere);
    }

    /** It is still the same socket, and the daemon looks for it every second. */
    @Test
    void aSocketThatIsRenamedThereAndBackOrChmoddedIsStillTheDaemons() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab().build();
        Path elsewhere = scratch.directory().resolve("elsewhere");
        try (Connection<Lab> connection = lab.connect()) {
            Files.move(scratch.socket(), elsewhere);
            Files.move(elsewhere, scratch.socket());
            Files.setPosixFilePermissions(scratch.socket(), PosixFilePermissions.fromString("rw-------"));
            // Another daemon notices that it has lost its path, at least one look later.
            Path other = scratch.directory().resolve("other");
            AutoDaemon<Lab> clock = at(other).build();
            ProcessHandle losing;
            try (Connection<Lab> unused = clock.connect()) {
                losing = unused.spawned().orElseThrow();
            }
            Files.delete(other);
            Processes.awaitEnd(losing);
            assertThat(lab.status().orElseThrow().pid())
                    .isEqualTo(connection.rpc().pid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "dangling", "link"})
    void whatIsNotASocketIsRefusedAndLeftAsItIs(String kind) throws Exception {
        Path target = scratch.directory().resolve("target");
        switch (kind) {
            case "fifo" ->
                assertThat(new ProcessBuilder("mkfifo", scratch.socket().toString())
                                .start()
                                .waitFor())
                        .isZero();
            case "dangling" -> Files.createSymbolicLink(scratch.socket(), target);
            default -> {
                Files.writeString(target, "precious");
                Files.createSymbolicLink(scratch.socket(), target);
            }
        }
        assertThatThrownBy(() -> scratch.lab().build().connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining(scratch.socket()
                        + (kind.equals("fifo") ? " is a named pipe, not a socket" : " is a symbolic link, not a socket")
                        + "; it was left as it is. Move it away or use another path");
        assertThat(scratch.processes()).isEmpty();
        assertThat(Files.isSymbolicLink(scratch.socket())).isEqualTo(!kind.equals("fifo"));
        if (kind.equals("link")) {
            assertThat(target).hasContent("precious");
        }
    }

    /** connect(2) would follow it, and the daemon there be replaced by this one. */
    @Test
    void aLinkToALiveSocketIsNotFollowed() throws Exception {
        Path other = scratch.directory().resolve("other");
        AutoDaemon<Lab> there = at(other).args("there").build();
        try (Connection<Lab> connection = there.connect()) {
            Files.createSymbolicLink(scratch.socket(), other);
            AutoDaemon<Lab> here = scratch.lab().args("here").build();
            String message = scratch.socket() + " is a symbolic link, not a socket";
            assertThatThrownBy(here::connect)
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining(message);
            assertThatThrownBy(here::status).hasMessageContaining(message);
            assertThatThrownBy(() -> here.kill(Duration.ofSeconds(20))).hasMessageContaining(message);
            assertThatThrownBy(() -> here.createServer().listen()).hasMessageContaining(message);
            assertThat(Daemons.at(scratch.socket(), Duration.ofSeconds(20)).state())
                    .isEqualTo(Daemon.State.OTHER);
            assertThat(connection.rpc().args()).containsExactly("there");
            assertThat(there.status().orElseThrow().pid())
                    .isEqualTo(connection.rpc().pid());
        }
    }

    /** No Java program makes one; nothing will ever be accepted on it. */
    @ParameterizedTest
    @ValueSource(strings = {"--datagram", "--seqpacket"})
    void aSocketOfAnotherKindIsRefusedAtOnce(String kind) throws Exception {
        Process holder = new ProcessBuilder(
                        "systemd-socket-activate", kind, "-l", scratch.socket().toString(), "/bin/true")
                .redirectErrorStream(true)
                .start();
        try (var said = holder.inputReader()) {
            assertThat(said.readLine()).contains("Listening on");
            // Nobody would wait for so long.
            AutoDaemon<Lab> lab = scratch.lab().timeout(Duration.ofHours(1)).build();
            String message = scratch.socket() + " is a socket of another kind, for datagrams or packets";
            assertThatThrownBy(lab::connect)
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining(message);
            assertThatThrownBy(() -> lab.createServer().listen()).hasMessageContaining(message);
            assertThat(scratch.socket()).exists();
        } finally {
            holder.destroyForcibly();
        }
    }

    /** Whoever may write to a directory, or to one above it, can put a link where the log is about to be opened. */
    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
    void aDirectoryThatOthersCanChangeIsRefusedAndSoIsWhatLiesInIt(String mode) throws Exception {
        Path directory = privateDirectory(scratch.directory().resolve("shared"));
        Path below = privateDirectory(privateDirectory(directory.resolve("a")).resolve("b"));
        boolean group = mode.startsWith("rwxrwx");
        // A group of that number has no name, so it is nobody's own.
        Files.setAttribute(directory, "unix:gid", group ? aGroup() : Files.getAttribute(directory, "unix:gid"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        String octal = group ? "0770" : "0702";
        String rule = (group ? "the group " + aGroup() : "everybody") + " may write to ";
        String mend = " (mode " + octal + "; chmod " + (group ? "g" : "o") + "-w " + directory + ")";
        assertThatThrownBy(() -> at(directory.resolve("s")).build().connect())
                .hasMessage("the directory " + directory + " is not safe for a socket: " + rule + "it" + mend
                        + "; or use another directory, of your own");
        assertThatThrownBy(() -> at(below.resolve("s")).build().connect())
                .hasMessage("the directory " + below + " is not safe for a socket: " + rule + directory + " above it"
                        + mend + "; or use another directory, of your own");
        assertThat(named(below, "lab", "add", "1"))
                .startsWith("UnreachableException: the directory " + below.resolve("auto-daemon")
                        + " is not safe, since its parent is not: " + rule + directory + " above it" + mend);
        assertThat(below).isEmptyDirectory();
        assertThat(scratch.processes()).isEmpty();

        // As in /tmp, nobody can move there what is not theirs.
        assertThat(new ProcessBuilder("chmod", "+t", directory.toString())
                        .start()
                        .waitFor())
                .isZero();
        try (Connection<Lab> connection = at(below.resolve("s")).build().connect()) {
            assertThat(connection.rpc().add(1)).isEqualTo(1);
        }
    }

    /** One of this process's, as only the superuser may choose any; not the one that has the user's name. */
    private static int aGroup() throws Exception {
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            return 65_533;
        }
        Process id = new ProcessBuilder("sh", "-c", "id -G | tr ' ' '\\n' | grep -vx \"$(id -g)\" | head -n 1").start();
        String other = Scratch.output(id).strip();
        if (other.isEmpty()) {
            abort("this user is in no other group");
        }
        return Integer.parseInt(other);
    }

    private String named(Path runtimeDirectory, String name, String... words) throws Exception {
        ProcessBuilder builder = scratch.command(words);
        builder.command().set(builder.command().indexOf(scratch.socket().toString()), name);
        builder.environment().put("XDG_RUNTIME_DIR", runtimeDirectory.toString());
        return Scratch.output(builder);
    }

    @Test
    void theDefaultDirectoryIsMadeForThisUserAlone() throws Exception {
        assertThat(named(scratch.directory(), "lab", "add", "1")).isEqualTo("1");
        assertThat(named(scratch.directory(), "lab", "add", "1")).isEqualTo("2");
        Path directory = scratch.directory().resolve("auto-daemon");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(directory.resolve("lab.sock")).exists();
    }

    /** Somebody prepared the place where the directory would be. */
    @Test
    void aSquattedDefaultDirectoryIsRefused() throws Exception {
        Path directory = scratch.directory().resolve("auto-daemon");
        Path other = Files.createDirectory(scratch.directory().resolve("other"));
        Files.createSymbolicLink(directory, other);
        assertThat(named(scratch.directory(), "lab", "add", "1"))
                .startsWith("UnreachableException: ")
                .contains("the directory " + directory + " is not safe: it is a symbolic link and must be a directory")
                .contains(
                        "set XDG_RUNTIME_DIR to a directory of yours with mode 0700, or give the daemon a socket(...)");
        Files.delete(directory);

        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(named(scratch.directory(), "lab", "add", "1"))
                .contains("its mode is 0777 and must be 0700 (chmod 700 " + directory + ")");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwxrwxrwx");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
        try (Stream<Path> files = Files.list(other)) {
            assertThat(files).isEmpty();
        }
    }

    /** One program has the variable and the other has not; a path is a path. */
    @Test
    void whoNamesTheSameSocketMeetsWhateverTheEnvironment() throws Exception {
        ProcessBuilder with = scratch.command("add", "1");
        with.environment().put("XDG_RUNTIME_DIR", scratch.directory().toString());
        ProcessBuilder without = scratch.command("add", "1");
        without.environment().clear();
        assertThat(Scratch.output(with)).isEqualTo("1");
        assertThat(Scratch.output(without)).isEqualTo("2");
        Path link = Files.createSymbolicLink(scratch.directory().resolve("link"), scratch.directory());
        ProcessBuilder linked = scratch.command("add", "1");
        linked.command()
                .set(
                        linked.command().indexOf(scratch.socket().toString()),
                        link.resolve("s").toString());
        assertThat(Scratch.output(linked)).isEqualTo("3");
        assertThat(scratch.daemons()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "077"})
    void nothingIsForOthersWhateverTheUmask(String umask) throws Exception {
        ProcessBuilder builder = scratch.command("add", "1");
        builder.command().addAll(0, List.of("/bin/sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
        assertThat(Scratch.output(builder)).isEqualTo("1");
        try (Stream<Path> files = Files.list(scratch.directory())) {
            assertThat(files).hasSizeGreaterThan(4).allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .endsWith("------"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {105, 106, 107, 200})
    void longPathsWorkOrAreRefused(int bytes) throws Exception {
        int room = bytes - scratch.directory().toString().length() - 1;
        // Two bytes a character, but for the first if the number is odd.
        Path path = scratch.directory().resolve("x".repeat(room % 2) + "é".repeat(room / 2));
        if (bytes <= 106) {
            try (Connection<Lab> connection = at(path).build().connect()) {
                assertThat(connection.rpc().add(1)).isEqualTo(1);
            }
        } else {
            assertThatThrownBy(() -> at(path).build().connect())
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("has " + bytes + " bytes, the limit is 106");
        }
    }

    /** Twice as many as there are characters in a name: none is cut, and no two meet. */
    @Test
    void longNamesNeverMeet() throws Exception {
        String name = "n".repeat(300);
        assertThat(named(scratch.directory(), name, "add", "1")).isEqualTo("1");
        assertThat(named(scratch.directory(), name + "o", "add", "1")).isEqualTo("1");
        assertThat(named(scratch.directory(), name, "add", "1")).isEqualTo("2");
        assertThat(scratch.daemons()).hasSize(2);
    }

    /** The name is not to blame then. */
    @Test
    void aDefaultDirectoryWithTooLongAPathIsRefusedBeforeAnythingIsMadeInIt() throws Exception {
        Path directory = Files.createDirectory(
                scratch.directory().resolve("d".repeat(80)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(named(directory, "lab", "add", "1"))
                .matches("UnreachableException: the socket path " + directory
                        + "/auto-daemon/lab.sock has 1\\d\\d bytes,"
                        + " the limit is 106; set XDG_RUNTIME_DIR to a directory of yours with a shorter path and mode"
                        + " 0700");
        assertThat(directory).isEmptyDirectory();
    }

    /** Relative, all digits (npm's would open a TCP port), or like an option: a path of a file, here, for both sides. */
    @ParameterizedTest
    @ValueSource(strings = {"45671", "-s", "--autoclose"})
    void aNameIsAFileInTheWorkingDirectoryOfTheCaller(String name) throws Exception {
        ProcessBuilder first = scratch.command("add", "1");
        first.command().set(first.command().indexOf(scratch.socket().toString()), "./" + name);
        first.directory(scratch.directory().toFile());
        assertThat(Scratch.output(first)).isEqualTo("1");
        assertThat(Scratch.output(first)).isEqualTo("2");
        assertThat(scratch.directory().resolve(name)).exists();
        assertThat(scratch.daemons()).hasSize(1);
    }

    /** A queue of connections that is full is no absence: nothing is deleted, and no second daemon is started. */
    @Test
    void aFullQueueOfConnections() throws Exception {
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(scratch.socket()), 1);
            List<SocketChannel> queue = new ArrayList<>();
            assertThatThrownBy(() -> {
                        while (true) {
                            SocketChannel next = SocketChannel.open(StandardProtocolFamily.UNIX);
                            queue.add(next);
                            next.configureBlocking(false);
                            assertThat(next.connect(UnixDomainSocketAddress.of(scratch.socket())))
                                    .isTrue();
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> scratch.lab()
                            .timeout(Duration.ofMillis(300))
                            .build()
                            .connect())
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("the last step was waiting for a place in the daemon's queue of connections");
            for (SocketChannel channel : queue) {
                channel.close();
            }
            assertThat(scratch.socket()).exists();
            assertThat(scratch.processes()).isEmpty();
        }
    }
}
