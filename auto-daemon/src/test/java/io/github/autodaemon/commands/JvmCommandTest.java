package io.github.autodaemon.commands;

import java.util.List;

/** Commands called by a JVM. */
class JvmCommandTest extends CommandContract {
    @Override
    List<String> caller() {
        return jvm();
    }

    @Override
    boolean isJvm() {
        return true;
    }
}
