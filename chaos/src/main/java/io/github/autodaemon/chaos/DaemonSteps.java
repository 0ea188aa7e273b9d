package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.UnreachableException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is done to daemons. */
final class DaemonSteps {
    private static final int PROBE_MILLIS = 700;
    private static final int HOLD_MILLIS = 3000;
    private static final int CONNECT_MILLIS = 20_000;

    private DaemonSteps() {}

    private static Processes.@Nullable Found choose(Scene scene, Dice dice, String deed) throws IOException {
        List<Processes.Found> daemons = scene.daemons();
        int choice = dice.below(100);
        if (daemons.isEmpty()) {
            scene.say("no daemon to " + deed);
            return null;
        }
        return daemons.get(choice % daemons.size());
    }

    static void kill(Scene scene, Dice dice) throws IOException {
        Processes.Found daemon = choose(scene, dice, "kill");
        if (daemon != null) {
            kill(scene, daemon);
        }
    }

    static void kill(Scene scene, Processes.Found process) throws IOException {
        scene.say("kill -9 " + process);
        scene.tally().kills++;
        scene.faults().happened(Faults.Kind.DAEMON_KILLED);
        scene.signal(process.pid(), "KILL");
    }

    static void terminate(Scene scene, Dice dice) throws IOException {
        Processes.Found daemon = choose(scene, dice, "terminate");
        if (daemon != null) {
            terminate(scene, daemon);
        }
    }

    static void terminate(Scene scene, Processes.Found daemon) throws IOException {
        scene.say("kill -15 " + daemon);
        scene.tally().kills++;
        scene.faults().happened(Faults.Kind.DAEMON_TERMINATED);
        scene.signal(daemon.pid(), "TERM");
    }

    /** Ends the shell that waits for a daemon that starts, or which starter was killed. */
    static void killShell(Scene scene, Dice dice) throws IOException {
        List<Processes.Found> shells = Processes.naming(scene.setting().home(), Processes.Kind.SHELL);
        int choice = dice.below(100);
        if (shells.isEmpty()) {
            scene.say("no shell to kill");
        } else {
            kill(scene, shells.get(choice % shells.size()));
        }
    }

    /** Kills the next daemon while it starts. */
    static void killNewborn(Scene scene, Dice dice) throws IOException {
        List<Processes.Found> before = scene.daemons();
        Order order = ClientSteps.order(scene, dice, 0);
        int delay = dice.below(350);
        for (Processes.Found daemon : before) {
            kill(scene, daemon);
        }
        scene.say("thread: " + order.summary() + ", whose daemon is to be killed");
        scene.clients().thread(scene, order);
        boolean born = Waiting.until(3, () -> newborn(scene, before) != null);
        Waiting.pause(born ? delay : 0);
        Processes.Found newborn = newborn(scene, before);
        if (newborn != null) {
            kill(scene, newborn);
        }
    }

    private static Processes.@Nullable Found newborn(Scene scene, List<Processes.Found> before) throws IOException {
        for (Processes.Found daemon : scene.daemons()) {
            if (before.stream().noneMatch(b -> b.pid() == daemon.pid())) {
                return daemon;
            }
        }
        return null;
    }

    static void stop(Scene scene, Dice dice) throws IOException {
        Processes.Found daemon = choose(scene, dice, "stop");
        int steps = dice.between(1, 20);
        if (daemon == null) {
            return;
        }
        stop(scene, daemon, steps);
    }

    static void stop(Scene scene, Processes.Found daemon, int steps) throws IOException {
        if (scene.oracle().stopped().contains(daemon.pid())) {
            scene.say("is stopped: " + daemon);
            return;
        }
        scene.say("stop " + daemon + " for " + steps + " steps");
        Agenda.Deed go = stop(scene, daemon.pid());
        scene.agenda().add(scene.tally().steps + steps, go);
    }

    /** Stops the shell that waits for a daemon that starts: the client that started it waits for its end. */
    static void stopShell(Scene scene, Dice dice) throws IOException {
        List<Processes.Found> shells = Processes.naming(scene.setting().home(), Processes.Kind.SHELL);
        int choice = dice.below(100);
        int steps = dice.between(1, 20);
        if (shells.isEmpty()) {
            scene.say("no shell to stop");
            return;
        }
        Processes.Found shell = shells.get(choice % shells.size());
        if (!scene.oracle().stopped().contains(shell.pid())) {
            scene.say("stop " + shell + " for " + steps + " steps");
            scene.agenda().add(scene.tally().steps + steps, stop(scene, shell.pid()));
        }
    }

    private static Agenda.Deed stop(Scene scene, long pid) throws IOException {
        scene.tally().stops++;
        Faults.Fault fault = scene.faults().began(Faults.Kind.DAEMON_STOPPED);
        scene.oracle().stopped().add(pid);
        scene.signal(pid, "STOP");
        return () -> {
            scene.say("continue daemon " + pid);
            scene.signal(pid, "CONT");
            scene.oracle().stopped().remove(pid);
            fault.end();
        };
    }

    /**
     * A daemon that is stopped while the path is its own: a connect says who does not answer, within its time, and starts
     * no other; afterwards one is answered.
     */
    static void connectToStopped(Scene scene, Dice dice) throws IOException {
        String version = dice.chance(50) && scene.rules().versions() ? "v2" : "v1";
        // The connection keeps a daemon that leaves by itself.
        try (Connection<Ledger> held = connect(scene, version, HOLD_MILLIS)) {
            connectToStopped(scene, version, held.pid().orElse(0));
        } catch (AutoDaemonException e) {
            scene.say("no daemon to stop and connect to: " + e.getMessage());
            return;
        }
        Order after = new Order(
                scene.name() + "-" + scene.tally().steps + "-after",
                scene.setting(),
                version,
                CONNECT_MILLIS,
                1,
                0,
                0,
                0,
                false);
        scene.clients().thread(scene, after);
    }

    private static void connectToStopped(Scene scene, String version, long pid) throws IOException {
        Listeners.@Nullable Listener owner = owner(scene);
        Object before = Listeners.identity(scene.setting().socket());
        if (owner == null || owner.pid() != pid || before == null) {
            scene.say("no daemon to stop and connect to: " + owner);
            return;
        }
        scene.say("stop daemon " + pid + " and connect");
        Agenda.Deed go = stop(scene, pid);
        try {
            boolean owns = owner.equals(owner(scene))
                    && Objects.equals(before, Listeners.identity(scene.setting().socket()));
            if (owns && isStopped(pid) && isNamed(scene, pid)) {
                scene.say("connect to the stopped daemon " + pid);
                connectInVain(scene, version, pid);
                if (!owner.equals(owner(scene))) {
                    throw new Violation("the daemon " + owner + " was stopped, and now there is " + owner(scene));
                }
            }
        } finally {
            go.run();
        }
    }

    /** The only one that listens. */
    private static Listeners.@Nullable Listener owner(Scene scene) throws IOException {
        List<Listeners.Listener> listeners = Listeners.at(scene.setting().socket(), scene.daemons());
        return listeners.size() == 1 ? listeners.get(0) : null;
    }

    private static boolean isStopped(long pid) throws IOException {
        return Waiting.until(2, () -> Processes.state(pid) == 'T');
    }

    /** Between its first accept and its info file a daemon is for a moment not known by name. */
    private static boolean isNamed(Scene scene, long pid) throws IOException {
        return Files.readString(scene.setting().sibling(".info")).contains("\"pid\":" + pid + ",");
    }

    private static void connectInVain(Scene scene, String version, long pid) {
        try (Connection<Ledger> connection = connect(scene, version, PROBE_MILLIS)) {
            throw new Violation("the daemon " + pid + " is stopped, and a connect reached "
                    + connection.pid().orElse(0));
        } catch (UnreachableException e) {
            if (!String.valueOf(e.getMessage()).contains("pid " + pid)) {
                throw new Violation("a connect to the stopped daemon " + pid + " does not name it: " + e.getMessage());
            }
        }
    }

    private static Connection<Ledger> connect(Scene scene, String version, int millis) {
        return Bounded.within(millis, "a connect", () -> scene.setting()
                .daemon(version, millis)
                .connect());
    }
}
