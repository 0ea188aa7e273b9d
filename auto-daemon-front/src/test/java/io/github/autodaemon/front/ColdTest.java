package io.github.autodaemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.autodaemon.front.Desk.Running;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in doubt, the start script runs as if there were no front. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
        value = Build.class,
        names = {"COMMITTED", "SANITIZED"})
class ColdTest extends WithEachBuild {
    private static final byte[] INPUT = "one\ntwo\n\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);

    /** Something that is done to a desk before the front starts. */
    private interface Change {
        void make(Desk desk, ProcessBuilder builder) throws Exception;
    }

    private static Named<Change> change(String name, Change change) {
        return Named.of(name, change);
    }

    private static Named<Change> stamp(String name, UnaryOperator<List<String>> edit) {
        return change(name, (desk, builder) -> desk.writeStamp(edit.apply(new ArrayList<>(desk.stampLines()))));
    }

    private static Named<Change> without(String word) {
        return stamp("no " + word, lines -> {
            lines.removeIf(line -> line.startsWith(word));
            return lines;
        });
    }

    private static Named<Change> with(String line) {
        return stamp("with " + line, lines -> {
            lines.add(line);
            return lines;
        });
    }

    private static Named<Change> file(int field, String value) {
        return stamp("field " + field + " of a file is " + value, lines -> {
            String[] fields = lines.get(3).split(" ");
            fields[field] = value;
            lines.set(3, String.join(" ", fields));
            return lines;
        });
    }

    private static Named<Change> text(String name, String text) {
        return change(name, (desk, builder) -> Files.writeString(desk.stamp(), text));
    }

    private static void away(Path file) throws IOException {
        Files.move(file, file.resolveSibling("away"));
    }

    static Stream<Named<Change>> beforeAsking() {
        return Stream.of(
                change("AUTODAEMON", (desk, builder) -> builder.environment().put("AUTODAEMON", "off")),
                change("no stamp", (desk, builder) -> away(desk.stamp())),
                change("the stamp is a link", (desk, builder) -> {
                    away(desk.stamp());
                    Files.createSymbolicLink(desk.stamp(), desk.path("away"));
                }),
                change("the stamp is a directory", (desk, builder) -> {
                    away(desk.stamp());
                    Files.createDirectory(desk.stamp());
                }),
                change("the stamp is a pipe", (desk, builder) -> {
                    away(desk.stamp());
                    assertThat(new ProcessBuilder("mkfifo", desk.stamp().toString())
                                    .start()
                                    .waitFor())
                            .isZero();
                }),
                change(
                        "the group writes to the stamp",
                        (desk, builder) -> Files.setPosixFilePermissions(
                                desk.stamp(), PosixFilePermissions.fromString("rw-rw-r--"))),
                change(
                        "all write to the stamp",
                        (desk, builder) -> Files.setPosixFilePermissions(
                                desk.stamp(), PosixFilePermissions.fromString("rw-r---w-"))),
                text("an empty stamp", ""),
                text("another version", "autodaemon-stamp 2\nend\n"),
                text("only a first line", "autodaemon-stamp 1\n"),
                text("garbage", "\u0001\u0002 autodaemon"),
                change(
                        "a zero byte",
                        (desk, builder) -> Files.writeString(
                                desk.stamp(), Files.readString(desk.stamp()).replace("\nend", "\0\nend"))),
                change(
                        "no end",
                        (desk, builder) -> Files.writeString(
                                desk.stamp(), Files.readString(desk.stamp()).replace("\nend\n", "\n"))),
                change(
                        "cut off",
                        (desk, builder) -> Files.writeString(
                                desk.stamp(), Files.readString(desk.stamp()).replace("\nend\n", "\nen"))),
                change(
                        "more after the end",
                        (desk, builder) ->
                                Files.writeString(desk.stamp(), Files.readString(desk.stamp()) + "unset X\n")),
                change("more than a megabyte", (desk, builder) -> {
                    List<String> lines = new ArrayList<>(desk.stampLines());
                    lines.addAll(Collections.nCopies(9000, "unset " + "X".repeat(120)));
                    desk.writeStamp(lines);
                }),
                without("socket"),
                without("fingerprint"),
                without("java"),
                with("something else"),
                with(""),
                with("end"),
                with("file"),
                with("file "),
                with("file 1 2 3"),
                with("file 1 2 3 4 /"),
                with("file x 2 3 4 /"),
                with("file 1 2 3 99999999999999999999999999 /"),
                with("java /another"),
                with("env NAME=value"),
                with("env NAME"),
                with("env =x"),
                with("env PATH=other"),
                with("unset PATH"),
                file(1, "1"),
                file(2, "1700000000"),
                file(3, "1"),
                file(4, "1"),
                file(5, "/nowhere"),
                change(
                        "a file that was touched",
                        (desk, builder) ->
                                Files.setLastModifiedTime(desk.script(), FileTime.fromMillis(1_700_000_000_000L))),
                change("a file that was replaced", (desk, builder) -> {
                    FileTime time = Files.getLastModifiedTime(desk.script());
                    Files.copy(desk.script(), desk.path("new"));
                    Files.setLastModifiedTime(desk.path("new"), time);
                    Files.move(desk.path("new"), desk.script(), StandardCopyOption.REPLACE_EXISTING);
                }),
                change("another java before", (desk, builder) -> {
                    Files.createDirectory(desk.path("other"));
                    Desk.script(desk.path("other/java"), "#!/bin/sh\n");
                    builder.environment()
                            .put("PATH", desk.path("other") + ":" + desk.java().getParent());
                }),
                change("no java", (desk, builder) -> builder.environment().put("PATH", "/nowhere")),
                change("an empty element before", (desk, builder) -> builder.environment()
                        .put("PATH", ":" + desk.java().getParent())),
                change("an empty element between", (desk, builder) -> builder.environment()
                        .put("PATH", "/nowhere::" + desk.java().getParent())),
                change("an empty PATH", (desk, builder) -> builder.environment().put("PATH", "")),
                change("no PATH", (desk, builder) -> builder.environment().remove("PATH")),
                change("a long PATH", (desk, builder) -> builder.environment()
                        .put("PATH", "/x".repeat(3000) + ":" + desk.java().getParent())),
                change("another JAVA_HOME", (desk, builder) -> builder.environment()
                        .put("JAVA_HOME", "/nowhere")),
                change("a long JAVA_HOME", (desk, builder) -> builder.environment()
                        .put("JAVA_HOME", "/x".repeat(3000))),
                change("no socket", (desk, builder) -> away(desk.socket())),
                change("nobody listens", (desk, builder) -> desk.daemon().close()),
                change("the socket is a file", (desk, builder) -> {
                    away(desk.socket());
                    Files.createFile(desk.socket());
                }),
                change("the socket is a link", (desk, builder) -> {
                    away(desk.socket());
                    Files.createSymbolicLink(desk.socket(), desk.path("away"));
                }),
                stamp("a long socket", lines -> {
                    lines.set(0, "socket /" + "x".repeat(200));
                    return lines;
                }),
                change("a variable that is not UTF-8", (desk, builder) -> builder.command()
                        .addAll(0, List.of("/bin/sh", "-c", "X=$(printf '\\303\\050') exec \"$@\"", "sh"))),
                change("a directory that is gone", (desk, builder) -> {
                    Path gone = Files.createDirectory(desk.path("gone"));
                    builder.command()
                            .addAll(
                                    0,
                                    List.of("/bin/sh", "-c", "cd " + gone + "; rmdir " + gone + "; exec \"$@\"", "sh"));
                }),
                change("a directory that is not UTF-8", (desk, builder) -> {
                    builder.command().addAll(0, List.of("/bin/sh", "-c", """
                            odd=$(printf '\\377')
                            mkdir "$odd"
                            cd "$odd"
                            "$@"
                            code=$?
                            rmdir "../$odd"
                            exit $code
                            """, "sh"));
                }));
    }

    private void cold(ProcessBuilder builder) throws Exception {
        Running running = started(builder);
        isCold(running);
    }

    private static Running started(ProcessBuilder builder) throws IOException {
        Running running = new Running(builder.start());
        running.process.getOutputStream().write(INPUT);
        running.process.getOutputStream().close();
        return running;
    }

    private void isCold(Running running) throws InterruptedException {
        assertThat(running.code()).as(running.err()).isEqualTo(Desk.COLD);
        assertThat(new String(running.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("cold cold 3\n<a b>\n<>\n<\\n\"'>\n" + new String(INPUT, StandardCharsets.ISO_8859_1));
        // The shell of the script says so where its directory is gone.
        assertThat(running.err().replace("sh: 0: getcwd() failed: No such file or directory\n", ""))
                .isEmpty();
    }

    private ProcessBuilder command() throws Exception {
        return desk.command("a b", "", "\\n\"'");
    }

    @ParameterizedTest
    @MethodSource
    void beforeAsking(Change change) throws Exception {
        ProcessBuilder builder = command();
        change.make(desk, builder);
        cold(builder);
    }

    /** Which says so to the script, too. */
    @Test
    void notWanted() throws Exception {
        ProcessBuilder builder = desk.command();
        builder.environment().put("AUTODAEMON_FRONT", "off");
        Running running = Desk.start(builder);
        assertThat(running.code()).isEqualTo(Desk.COLD);
        assertThat(running.out()).isEqualTo("cold off 0\n<>\n");
    }

    /** So that the cases above say something. */
    @Test
    void notColdOtherwise() throws Exception {
        List<String> lines = new ArrayList<>(desk.stampLines());
        lines.add("env NAME=the = value ");
        lines.add("env EMPTY=");
        lines.add("unset ANOTHER");
        desk.writeStamp(lines);
        ProcessBuilder builder = desk.command();
        builder.environment().putAll(Map.of("NAME", "the = value ", "EMPTY", ""));
        builder.environment().merge("PATH", "/nowhere:", (path, before) -> before + path + ":");
        Running running = Desk.start(builder);
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    @Test
    void javaHomeIsLookedAtFirst() throws Exception {
        List<String> lines = new ArrayList<>(desk.stampLines());
        lines.set(2, "java " + desk.directory() + "/./bin/java");
        desk.writeStamp(lines);
        ProcessBuilder builder = desk.command();
        builder.environment().put("JAVA_HOME", desk.directory() + "/.");
        builder.environment().put("PATH", "");
        Running running = Desk.start(builder);
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.exit(0);
        }
        assertThat(running.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\377", "a\\200", "\\300\\200", "\\301\\277", "\\340\\237\\277", "\\355\\240\\200",
                        "\\360\\217\\277\\277",
                "\\364\\220\\200\\200", "\\365\\200\\200\\200", "\\303", "\\342\\202", "\\360\\237\\230", "\\303x",
                        "\\342\\202x"
            })
    void argumentsThatAreNotUtf8(String bytes) throws Exception {
        Running running = Desk.start(desk.shell("exec \"$@\" a \"$(printf '" + bytes + "')\""));
        assertThat(running.code()).isEqualTo(Desk.COLD);
        byte[] printed = new ProcessBuilder("/bin/sh", "-c", "printf '" + bytes + "'")
                .start()
                .getInputStream()
                .readAllBytes();
        assertThat(new String(running.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("cold cold 2\n<a>\n<" + new String(printed, StandardCharsets.ISO_8859_1) + ">\n");
    }

    @Test
    void aDaemonThatAcceptsNobody() throws Exception {
        desk.daemon().close();
        Files.delete(desk.socket());
        List<SocketChannel> waiting = new ArrayList<>();
        try (FakeDaemon full = new FakeDaemon(desk.socket(), 1)) {
            // Linux queues one more than it is told.
            for (int i = 0; i < 2; i++) {
                waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(desk.socket())));
            }
            cold(command());
            for (int i = 0; i < 2; i++) {
                full.next().close();
            }
        } finally {
            for (SocketChannel one : waiting) {
                one.close();
            }
        }
    }

    private static Named<byte[]> bytes(String name, byte[]... parts) {
        return Named.of(name, FakeDaemon.join(parts));
    }

    private static byte[] opened(String line) {
        return FakeDaemon.join(new byte[] {0, 0}, FakeDaemon.frame(line));
    }

    static Stream<Named<byte[]>> hellos() {
        byte[] hello = FakeDaemon.greeting();
        byte[] endless = new byte[101];
        Arrays.fill(endless, (byte) 0x80);
        return Stream.of(
                bytes("nothing"),
                bytes("half of it", Arrays.copyOf(hello, hello.length / 2)),
                bytes("another digest", FakeDaemon.greeting("1a2b3d")),
                bytes("a longer digest", FakeDaemon.greeting("1a2b3c0")),
                bytes("a shorter digest", FakeDaemon.greeting("1a2b3")),
                bytes(
                        "a refusal",
                        opened("[\"hello\",[{\"autodaemon\":1,\"role\":\"daemon\",\"refused\":\"no\"}],-1]")),
                bytes(
                        "the digest within a text",
                        opened("[\"hello\",[{\"autodaemon\":1,\"x\":\"\\\"fingerprint\\\":\\\"1a2b3c\\\"\"}],-1]")),
                bytes(
                        "another line first",
                        opened("[\"leaving\",[0],-1]"),
                        FakeDaemon.frame(new String(hello, 4, 60, StandardCharsets.UTF_8))),
                bytes("no hello", opened("[\"hello\",[{\"role\":\"daemon\",\"fingerprint\":\"1a2b3c\"}],-1]")),
                bytes("an empty line", opened("")),
                bytes("a channel that is not open", Arrays.copyOfRange(hello, 2, hello.length)),
                bytes("a channel of another name", new byte[] {0, 1, '1'}, Arrays.copyOfRange(hello, 2, hello.length)),
                bytes(
                        "a channel of a long name",
                        new byte[] {0, 2, '0', '0'},
                        Arrays.copyOfRange(hello, 2, hello.length)),
                bytes("a reset", new byte[] {0, 0, 6, 0}),
                bytes("the other end's reset", new byte[] {0, 0, 5, 0}),
                bytes("a number without an end", endless),
                bytes("a large number", new byte[] {-1, -1, -1, -1, -1, -1, 1}),
                bytes("a length beyond 31 bits", new byte[] {0, 0, 2, -1, -1, -1, -1, 15}),
                bytes("another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource
    void hellos(byte[] hello) throws Exception {
        Running running = started(command());
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.send(hello);
        }
        isCold(running);
    }

    @Test
    void aHelloWithoutAnEnd() throws Exception {
        Running running = started(command());
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.send(opened("[\"hello\",[{\"autodaemon\":1,\"x\":\"" + "x".repeat(1 << 19)));
            front.send(FakeDaemon.frame("x".repeat((1 << 19) + 1)));
        } catch (IOException e) {
            // It went while it was told.
            assertThat(e).hasMessageContaining("Broken pipe");
        }
        isCold(running);
    }

    static Stream<Named<byte[]>> answers() {
        return Stream.of(
                bytes("nothing"),
                bytes("half of it", Arrays.copyOf(FakeDaemon.acceptance(), 10)),
                bytes("a refusal", FakeDaemon.frame("[[{\"message\":\"no\",\"cold\":true}],2]")),
                bytes("a request, then the end", FakeDaemon.frame("[\"leaving\",[0],-1]"), new byte[] {7, 0}),
                bytes("an answer to something else", FakeDaemon.frame("[[null],3]")),
                bytes("something else", FakeDaemon.frame("{}")),
                bytes("a reset", new byte[] {5, 0}),
                bytes("garbage", new byte[] {-1, -1, -1, -1, -1, -1, 1, '[', '[', '[', 'n', 'u', 'l', 'x', 'l'}));
    }

    @ParameterizedTest
    @MethodSource
    void answers(byte[] answer) throws Exception {
        Running running = started(command());
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            assertThat(front.command().get("args").getAsJsonArray()).hasSize(3);
            front.send(answer);
        }
        isCold(running);
    }

    @Test
    void anEndWhileItAsks() throws Exception {
        Running running = started(desk.command("x".repeat(100_000), "x".repeat(100_000), "x".repeat(100_000)));
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
        }
        assertThat(running.code()).isEqualTo(Desk.COLD);
    }

    /** The script finds closed what was closed, and nothing open that was not. */
    @ParameterizedTest
    @ValueSource(strings = {"", "<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"})
    void descriptors(String closed) throws Exception {
        Desk.script(desk.script(), """
                #!/bin/sh
                set -- /proc/$$/fd/*
                exec 9>"$SEEN"
                echo "${@##*/}" >&9
                """);
        List<String> seen = new ArrayList<>();
        for (String stamp : List.of("nothing", "stamp")) {
            ProcessBuilder builder = desk.shell("exec \"$@\" " + closed);
            builder.command().set(5, desk.path(stamp).toString());
            builder.environment().put("SEEN", desk.path("seen").toString());
            desk.writeStamp();
            Running running = Desk.start(builder);
            if (stamp.equals("stamp")) {
                try (FakeDaemon.Front front = desk.daemon().next()) {
                    front.hello();
                    String unused = front.commandLine();
                }
            }
            assertThat(running.code()).isZero();
            seen.add(Files.readString(desk.path("seen")));
        }
        ProcessBuilder plain = desk.process(List.of("/bin/sh", "-c", "exec " + desk.script() + " " + closed));
        plain.environment().put("SEEN", desk.path("seen").toString());
        assertThat(Desk.start(plain).code()).isZero();
        assertThat(seen).containsOnly(Files.readString(desk.path("seen")));
    }

    @Test
    void theDescriptorOfTheFrontItselfIsClosed() throws Exception {
        Desk.script(desk.script(), "#!/bin/sh\n[ ! -e /proc/self/fd/7 ] && exit 42\n");
        Running running = Desk.start(desk.shell("exec 7<\"$1\"; shift; exec /proc/self/fd/7 /nowhere \"$2\""));
        assertThat(running.code()).isEqualTo(Desk.COLD);
    }

    @Test
    void aScriptThatCannotBeRun() throws Exception {
        Files.delete(desk.stamp());
        Files.writeString(desk.script(), "no program");
        Running running = desk.start();
        assertThat(running.code()).isEqualTo(126);
        assertThat(running.err()).isEqualTo("tool: cannot run " + desk.script() + ": Exec format error\n");
        Files.delete(desk.script());
        running = desk.start();
        assertThat(running.code()).isEqualTo(127);
        assertThat(running.err()).isEqualTo("tool: cannot run " + desk.script() + ": No such file or directory\n");
    }

    @Test
    void notByHand() throws Exception {
        Running running = Desk.start(desk.process(List.of(build.file().toString(), "--help")));
        assertThat(running.code()).isEqualTo(126);
        assertThat(running.err()).isEqualTo("autodaemon: this program is run by a start script\n");
    }

    static Stream<Named<Change>> others() {
        return Stream.of(
                change("the stamp", (desk, builder) -> Files.setAttribute(desk.stamp(), "unix:uid", 1)),
                change("the socket", (desk, builder) -> Files.setAttribute(desk.socket(), "unix:uid", 1)),
                change("the front, which takes its user's rights", (desk, builder) -> {
                    Path front = Files.copy(Path.of(builder.command().get(0)), desk.path("front"));
                    Files.setAttribute(front, "unix:uid", 1);
                    Files.setAttribute(front, "unix:mode", 04555);
                    Files.setAttribute(desk.directory(), "unix:mode", 0711);
                    builder.command().set(0, front.toString());
                }),
                change("the daemon", (desk, builder) -> {
                    Path front = Files.copy(Path.of(builder.command().get(0)), desk.path("front"));
                    for (Path file : List.of(front, desk.stamp(), desk.socket())) {
                        Files.setAttribute(file, "unix:uid", 1);
                        Files.setAttribute(file, "unix:mode", 0700);
                    }
                    Files.setAttribute(desk.directory(), "unix:mode", 0711);
                    builder.command().set(0, front.toString());
                    builder.command().addAll(0, List.of("setpriv", "--reuid=1", "--clear-groups", "--"));
                }));
    }

    @ParameterizedTest
    @MethodSource
    void others(Change change) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"));
        ProcessBuilder builder = command();
        change.make(desk, builder);
        cold(builder);
    }
}
