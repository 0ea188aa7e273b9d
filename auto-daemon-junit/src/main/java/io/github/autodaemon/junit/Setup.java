package io.github.autodaemon.junit;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * What a test asks for.
 *
 * @param options what it says about the daemon, given the directory
 * @param patience how long something may take to end
 */
record Setup<T>(
        Class<T> api,
        Class<? extends Service<T>> service,
        boolean inProcess,
        BiConsumer<AutoDaemonBuilder<T>, Path> options,
        Duration patience) {

    Setup<T> with(BiConsumer<AutoDaemonBuilder<T>, Path> more) {
        return new Setup<>(api, service, inProcess, options.andThen(more), patience);
    }

    Setup<T> with(Duration otherPatience) {
        return new Setup<>(api, service, inProcess, options, otherPatience);
    }

    AutoDaemon<T> description(Path directory, Path socket) {
        AutoDaemonBuilder<T> builder = AutoDaemon.of(api, service);
        if (inProcess) {
            // One that does not end is waited for once more, when the process exits.
            builder.drain(patience);
        }
        options.accept(builder, directory);
        // The last word: a test uses no daemon but its own.
        return builder.socket(socket).inProcess(inProcess).build();
    }
}
