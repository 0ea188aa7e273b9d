package io.github.autodaemon;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client of the {@link Lab} in a process of its own: {@code SOCKET add N}; {@code SOCKET hold}, which stays; {@code SOCKET
 * show}; {@code SOCKET bare}, with a daemon without environment; {@code NAME name}.
 */
final class LabCommand {
    private LabCommand() {}

    public static void main(String[] args) {
        AutoDaemonBuilder<Lab> lab = AutoDaemon.of(Lab.class, LabService.class);
        if (args[1].equals("name")) {
            lab.name(args[0].translateEscapes());
        } else {
            lab.socket(Path.of(args[0]));
        }
        if (args[1].equals("bare")) {
            lab.environment(Map.of());
        }
        try (Connection<Lab> connection = lab.build().connect()) {
            if (args[1].equals("add")) {
                System.out.println(connection.rpc().add(Long.parseLong(args[2])));
                return;
            }
            System.out.println("pid " + connection.rpc().pid());
            if (args[1].equals("hold")) {
                new CompletableFuture<String>().join();
            }
        } catch (AutoDaemonException e) {
            System.out.println("failed: " + e.getMessage());
            System.exit(1);
        }
    }
}
