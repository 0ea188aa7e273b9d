package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.rpc.Limits;

/** What the server is told of a service that stays. */
final class Configs {
    private Configs() {}

    static DaemonConfig of(int concurrency, boolean allowRoot, Limits limits) {
        DaemonConfig config = DaemonConfig.of("service", java.util.List.of(), false, false);
        return new DaemonConfig(
                config.name(),
                config.socket(),
                config.service(),
                config.api(),
                config.args(),
                config.autoClose(),
                config.lingerMillis(),
                config.idleMillis(),
                config.drainMillis(),
                config.exitOnClose(),
                config.exclusive(),
                concurrency,
                config.errorFirst(),
                allowRoot,
                config.otherwise(),
                config.spawn(),
                config.inProcess(),
                config.debug(),
                config.timeoutMillis(),
                config.callTimeoutMillis(),
                config.javaHome(),
                config.jvmOptions(),
                config.classPath(),
                config.command(),
                config.workingDirectory(),
                config.inheritUmask(),
                config.environment(),
                config.pidFile(),
                config.module(),
                config.maxLog(),
                limits,
                config.codecs(),
                config.remoteStacks());
    }
}
