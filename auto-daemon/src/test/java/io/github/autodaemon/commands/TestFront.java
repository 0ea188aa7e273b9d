package io.github.autodaemon.commands;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The front of this machine in a directory, with a stamp for the daemon that serves there, and a script that only says
 * that it was run.
 */
record TestFront(Path program, Path stamp, Path script) {
    /** The exit code of the script. */
    static final int COLD = 99;

    private static final Pattern FINGERPRINT = Pattern.compile("\"fingerprint\":\"([0-9a-f]+)\"");

    static TestFront in(Path directory, Path socket) throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        TestFront front =
                new TestFront(directory.resolve("front"), directory.resolve("front.stamp"), directory.resolve("play"));
        if (!Files.exists(front.program)) {
            Files.copy(
                    Path.of("src/main/resources/io/github/autodaemon/internal/front/front-" + machine), front.program);
            Files.setPosixFilePermissions(front.program, PosixFilePermissions.fromString("r-x------"));
            Files.writeString(front.script, "#!/bin/sh\necho \"cold $*\" >&2\nexit " + COLD + "\n");
            Files.setPosixFilePermissions(front.script, PosixFilePermissions.fromString("rwx------"));
            Files.writeString(
                    front.stamp,
                    "autodaemon-stamp 1\nsocket " + socket + "\nfingerprint " + fingerprint(socket) + "\njava " + java()
                            + "\nend\n");
            Files.setPosixFilePermissions(front.stamp, PosixFilePermissions.fromString("rw-------"));
        }
        return front;
    }

    List<String> words() {
        return List.of(program.toString(), stamp.toString(), script.toString());
    }

    CommandContract.Ran cold(String arguments) {
        return new CommandContract.Ran(COLD, "", "cold " + arguments + "\n");
    }

    private static String java() {
        String home = System.getenv("JAVA_HOME");
        if (home != null && !home.isEmpty()) {
            return home + "/bin/java";
        }
        for (String directory : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, "java"))) {
                return directory + "/java";
            }
        }
        throw new IllegalStateException("there is no java in PATH");
    }

    private static String fingerprint(Path socket) throws IOException {
        StringBuilder hello = new StringBuilder();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (hello.indexOf("\n") < 0 && channel.read(buffer) >= 0) {
                hello.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
            }
        }
        Matcher found = FINGERPRINT.matcher(hello);
        if (!found.find()) {
            throw new IllegalStateException("no fingerprint in " + hello);
        }
        return found.group(1);
    }
}
