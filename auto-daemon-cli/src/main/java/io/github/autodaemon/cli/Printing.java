package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have. */
abstract class Printing implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON; docs/autod.md describes it.")
    private boolean json;

    @Option(names = "--verbose", description = "When something goes wrong, show where.")
    private boolean verbose;

    boolean isVerbose() {
        return verbose;
    }

    boolean json() {
        return json;
    }

    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** What to tell, and to exit with, when a command is about a daemon that is not there. */
    static Stopped absent(Daemon daemon) {
        String name = Names.shown(daemon) + " (" + daemon.socket() + ")";
        return switch (daemon.state()) {
            case NOT_RESPONDING ->
                new Stopped(
                        Autod.NOT_RESPONDING,
                        name + " does not respond" + pid(daemon) + ": " + daemon.note() + "; `autod stop --kill "
                                + Names.shown(daemon) + "` ends its process");
            case OTHER, NPM -> new Stopped(Autod.FAILED, name + ": " + daemon.note());
            case STARTING -> new Stopped(Autod.NOT_RUNNING, name + " is being started: " + daemon.note());
            default ->
                new Stopped(
                        Autod.NOT_RUNNING,
                        name + " is not running"
                                + (daemon.state() == Daemon.State.LEFTOVER ? ": " + daemon.note() : ""));
        };
    }

    static String pid(Daemon daemon) {
        return daemon.pid().isPresent() ? " (pid " + daemon.pid().getAsLong() + ")" : "";
    }
}
