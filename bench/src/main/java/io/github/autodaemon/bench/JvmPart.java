package io.github.autodaemon.bench;

import io.github.autodaemon.bench.Turns.Figure;
import io.github.autodaemon.bench.report.JvmSteps;
import io.github.autodaemon.internal.startup.Collector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a JVM does before and after {@code main}, option by option. */
final class JvmPart {
    private static final String HELLO = "io.github.autodaemon.bench.peer.Hello";
    private static final String EPOLL = "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider";

    private final Lab lab;
    private final Turns turns;

    private JvmPart(Lab lab, Recorder recorder) {
        this.lab = lab;
        this.turns = new Turns(recorder);
    }

    static void measure(Lab lab, Recorder recorder) throws IOException, InterruptedException {
        JvmPart part = new JvmPart(lab, recorder);
        part.alone();
        part.together();
        part.sockets();
        part.turns.run(3, lab.rounds(40));
    }

    private void enter(String who, Turns.Preparation preparation) throws InterruptedException {
        turns.enter(who, preparation);
    }

    private static Turns.Measure steps(List<String> command) {
        return () -> {
            Timed run = Timed.run(command);
            return List.of(
                    new Figure(JvmSteps.WHOLE, "ms", run.total()),
                    new Figure(JvmSteps.BEFORE, "ms", run.first()),
                    new Figure(JvmSteps.AFTER, "ms", run.total() - run.first()));
        };
    }

    private Launch hello(String... args) {
        return new Launch(lab.programs().bareClassPath(), HELLO, List.of(args));
    }

    /** One option each. */
    private void alone() throws InterruptedException {
        enter(JvmSteps.PROCESS, () -> steps(List.of("/bin/echo", "x")));
        enter(JvmSteps.PLAIN, () -> steps(hello().command(List.of())));
        List<String> options = new ArrayList<>(Programs.COMMAND_FLAGS);
        options.addAll(Collector.SERIAL.options().stream()
                .filter(option -> !options.contains(option))
                .toList());
        options.addAll(List.of("-Xshare:off", "-Xint", "-Xrs", "-Xmx64m", "-XX:+DisableAttachMechanism"));
        options.addAll(List.of("-XX:-StackTraceInThrowable", "-XX:ReservedCodeCacheSize=8m"));
        if (Programs.jdk() >= 24) {
            options.add("-XX:-UseCompactObjectHeaders");
        }
        for (String option : options) {
            enter(option, () -> steps(hello().command(List.of(option))));
        }
    }

    /** One after the other, each with those before it. */
    private void together() throws InterruptedException {
        List<String> flags = Programs.COMMAND_FLAGS;
        enter(JvmSteps.FLAGS, () -> steps(hello().command(flags)));
        enter(JvmSteps.ARCHIVE, () -> steps(hello().archived(lab.path("archive"), flags)));
        enter(JvmSteps.EXIT, () -> steps(hello("exit").archived(lab.path("archive"), flags)));
        enter(JvmSteps.HALT, () -> steps(halting(flags)));
    }

    /** An archive is not written by a JVM that halts, so it is that of the same program with an exit. */
    private List<String> halting(List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(hello("exit").archived(lab.path("archive"), flags));
        command.set(command.size() - 1, "halt");
        return command;
    }

    /** What a Unix socket adds to a program that does nothing else. */
    private void sockets() throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(Programs.COMMAND_FLAGS);
        flags.remove(EPOLL);
        Path socket = lab.serve(Contender.RAW).socket();
        Launch raw = lab.programs().command(Contender.RAW, socket);
        Path security = lab.path("security");
        Files.writeString(security, "security.provider.1=SUN\nsecurity.provider.2=\n");
        enter(JvmSteps.SOCKET, () -> steps(raw.command(flags)));
        enter(JvmSteps.SOCKET_PROVIDER, () -> steps(raw.command(Launch.plus(flags, EPOLL))));
        enter(JvmSteps.SOCKET_SECURITY, () -> {
            return steps(raw.command(Launch.plus(flags, EPOLL, "-Djava.security.properties=" + security)));
        });
        enter(JvmSteps.SOCKET_ARCHIVE, () -> steps(raw.archived(lab.path("archive"), flags)));
        enter(JvmSteps.SOCKET_ALL, () -> steps(raw.archived(lab.path("archive"), Launch.plus(flags, EPOLL))));
    }
}
