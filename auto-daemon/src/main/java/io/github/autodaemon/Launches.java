package io.github.autodaemon;

import io.github.autodaemon.internal.client.Launch;
import io.github.autodaemon.internal.socket.SocketPath;
import java.util.ArrayList;
import java.util.List;

/** How a description's daemon is started. Not loaded by a client whose daemon runs. */
final class Launches {
    private Launches() {}

    static Launch java(String description, String nonce, Options options, SocketPath socket) {
        List<String> command = JavaCommand.of(
                options.javaHome(),
                options.classPath(),
                options.jvmOptions(),
                options.module(),
                List.of(options.name(), socket.toString()));
        return new Launch(command, true, description, nonce, options.workingDirectory(), options.environment());
    }

    /** With the arguments that npm's client gives to npm's {@code run.js}, but for the process to signal. */
    static Launch command(List<String> program, Options options, SocketPath socket) {
        List<String> command = new ArrayList<>(program);
        command.add("--sockfile");
        command.add(socket.toString());
        command.add("--autoclose");
        command.add(Boolean.toString(options.autoClose()));
        command.add("--exit");
        command.add(Boolean.toString(options.exitOnClose()));
        command.add("--");
        command.addAll(options.args());
        return new Launch(command, false, "", "started", options.workingDirectory(), options.environment());
    }
}
