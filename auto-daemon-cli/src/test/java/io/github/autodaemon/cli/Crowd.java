package io.github.autodaemon.cli;

import io.github.autodaemon.AutoDaemon;
import java.nio.file.Path;

/** Many servers in one process: each has a socket, an entry in the index and a thread of its own, as a daemon has. */
final class Crowd {
    private Crowd() {}

    /** Serves until its process is ended: a directory, a name and how many. */
    public static void main(String[] args) {
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            AutoDaemon.of(Desk.class, DeskService.class)
                    .socket(Path.of(args[0], args[1] + "-" + i + ".sock"))
                    .build()
                    .createServer()
                    .listen();
        }
        System.out.println("ready");
    }
}
