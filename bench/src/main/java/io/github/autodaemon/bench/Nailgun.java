package io.github.autodaemon.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Another server of commands. Its client is native. Its server sets a security manager, which JDKs from 24 on do not have. */
final class Nailgun {
    /** Starts nailgun's server and says so when it serves; ends it with the input. */
    private static final String NAILGUN = """
            ng=$1 port=$2
            shift 2
            "$@" >/dev/null &
            until "$ng" --nailgun-port $port ng-version >/dev/null 2>&1; do
              kill -0 $! || exit
              sleep .1
            done
            echo ready $!
            cat
            kill $!
            """;

    private final List<String> client;

    private Nailgun(List<String> client) {
        this.client = client;
    }

    /**
     * Starts the server, with the JDK that is measured if it can.
     *
     * @param classPath of the tools that it runs; empty for none
     * @param options what their JVM is told
     * @return empty, with a word on standard error, when it is not to be had
     */
    static Optional<Nailgun> start(Lab lab, String classPath, List<String> options)
            throws IOException, InterruptedException {
        Programs programs = lab.programs();
        String client = programs.tool("nailgun/usr/bin/ng-nailgun").toString();
        if (!Files.exists(Path.of(client))) {
            System.err.println("bench: there is no nailgun; its row is left out");
            return Optional.empty();
        }
        String port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = Integer.toString(free.getLocalPort());
        }
        List<String> server = new ArrayList<>(List.of("sh", "-c", NAILGUN, "sh", client, port));
        server.add(Programs.jdk() < 24 ? Programs.java() : "java");
        server.addAll(options);
        server.addAll(List.of("-Djava.security.manager=allow", "-cp"));
        server.add(programs.tool("nailgun/usr/share/java/nailgun-server.jar")
                + (classPath.isEmpty() ? "" : ":" + classPath));
        server.addAll(List.of("com.martiansoftware.nailgun.NGServer", "127.0.0.1:" + port));
        try {
            lab.start("nailgun, server", server);
        } catch (IOException e) {
            System.err.println("bench: nailgun does not start with " + server.get(6) + "; its row is left out: " + e);
            return Optional.empty();
        }
        return Optional.of(new Nailgun(List.of(client, "--nailgun-port", port)));
    }

    /** A command for it: the class and its arguments. */
    List<String> command(String... words) {
        List<String> command = new ArrayList<>(client);
        command.addAll(List.of(words));
        return command;
    }
}
