package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.config.StartOrder;
import io.github.autodaemon.internal.fs.ArgumentFile;
import io.github.autodaemon.internal.fs.SocketPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the launch of a description's daemon. Not loaded by a client whose daemon runs. */
final class Launches {
    private Launches() {}

    /**
     * A JVM with the service class.
     *
     * @param order the daemon's order, without the part about archives
     * @param classes a digest of the classes and the JVM
     */
    static Launch java(StartOrder order, SocketPath socket, @Nullable String classes) {
        DaemonConfig config = order.config();
        List<String> modules = Archives.modules(config.jvmOptions());
        Archives archives = Archives.of(
                config,
                classes == null || modules.isEmpty() ? classes : classes + Integer.toHexString(modules.hashCode()));
        List<String> command = JavaCommand.of(
                config.javaHome(),
                config.classPath(),
                archives == null ? config.jvmOptions() : archives.optionsBefore(config.jvmOptions()),
                config.module(),
                String.valueOf(config.service()),
                List.of(config.name(), socket.toString()));
        StartOrder whole = archives == null ? order : order.with(archives.order(command));
        try {
            command = ArgumentFile.shorten(command, socket.arguments());
        } catch (IOException e) {
            throw new IllegalStateException("its class path cannot be written to " + socket.arguments() + ": " + e, e);
        }
        return new Launch(
                command,
                true,
                order.role().succeeds(),
                whole.text(),
                order.nonce(),
                config.workingDirectory(),
                config.inheritUmask(),
                config.environment());
    }

    /** A program with the arguments that npm's client gives to npm's {@code run.js}, except the process to signal. */
    static Launch command(List<String> program, DaemonConfig config, SocketPath socket) {
        List<String> command = new ArrayList<>(program);
        command.add("--sockfile");
        command.add(socket.toString());
        command.add("--autoclose");
        command.add(Boolean.toString(config.autoClose()));
        command.add("--exit");
        command.add(Boolean.toString(config.exitOnClose()));
        command.add("--");
        command.addAll(config.args());
        return new Launch(
                command,
                false,
                false,
                "",
                "started",
                config.workingDirectory(),
                config.inheritUmask(),
                config.environment());
    }
}
