package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.fs.ArgumentFile;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a description's daemon is started. Not loaded by a client whose daemon runs. */
final class Launches {
    private Launches() {}

    /**
     * A JVM with the service class.
     *
     * @param description what the daemon reads on its standard input, but for what is said about archives
     * @param classes tells these classes and this JVM from others
     * @param succeeds whether it waits, when it is prepared, for the daemon that serves to retire
     */
    static Launch java(
            Map<String, @Nullable Object> description,
            String nonce,
            Options options,
            SocketPath socket,
            @Nullable String classes,
            boolean succeeds) {
        List<String> modules = Archives.modules(options.jvmOptions());
        Archives archives = Archives.of(
                options,
                classes == null || modules.isEmpty() ? classes : classes + Integer.toHexString(modules.hashCode()));
        List<String> command = JavaCommand.of(
                options.javaHome(),
                options.classPath(),
                archives == null ? options.jvmOptions() : archives.optionsBefore(options.jvmOptions()),
                options.module(),
                String.valueOf(options.service()),
                List.of(options.name(), socket.toString()));
        if (archives != null) {
            description.put(Archives.FIELD, archives.wishes(command));
        }
        try {
            command = ArgumentFile.shorten(command, socket.arguments());
        } catch (IOException e) {
            throw new IllegalStateException("its class path cannot be written to " + socket.arguments() + ": " + e, e);
        }
        return new Launch(
                command,
                true,
                succeeds,
                Json.text(description),
                nonce,
                options.workingDirectory(),
                options.environment());
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
        return new Launch(command, false, false, "", "started", options.workingDirectory(), options.environment());
    }
}
