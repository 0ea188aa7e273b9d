package io.github.autodaemon.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a step works with.
 *
 * @param run the run's directory, which the command lines of its processes name
 * @param name of the chapter
 */
record Scene(
        Path run,
        String name,
        Setting setting,
        Chapter.Rules rules,
        Oracle oracle,
        Faults faults,
        Agenda agenda,
        Clients clients,
        Tally tally,
        RunLog log) {
    List<Processes.Found> daemons() throws IOException {
        return Processes.naming(setting.home(), Processes.Kind.DAEMON);
    }

    void say(String what) {
        log.say(name + "." + tally.steps + " " + what);
    }

    boolean signal(long pid, String signal) throws IOException {
        oracle.signalled(pid, signal);
        return Processes.signal(run, pid, signal);
    }
}
