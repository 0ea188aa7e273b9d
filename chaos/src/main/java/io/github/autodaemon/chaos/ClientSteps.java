package io.github.autodaemon.chaos;

import io.github.autodaemon.chaos.Clients.Client;
import java.io.IOException;
import java.util.List;

/** What clients do, and what is done to them. */
final class ClientSteps {
    static final int MOST_ORDERS = 24;
    private static final int STARTER_MILLIS = 1500;

    private ClientSteps() {}

    static Order order(Scene scene, Dice dice, int number) {
        Chapter.Rules rules = scene.rules();
        boolean patient = rules.kind() == Chapter.Kind.QUIET;
        return new Order(
                scene.name() + "-" + scene.tally().steps + "-" + number,
                scene.setting(),
                dice.chance(50) && rules.versions() ? "v2" : "v1",
                patient ? 30_000 : dice.one(1500, 4000, 10_000, 25_000),
                dice.below(7),
                dice.one(0, 0, 0, 20, 200),
                dice.one(0, 0, 5, 50, 150),
                dice.chance(20) ? dice.between(1, 300_000) : 0,
                dice.chance(8));
    }

    /** Some threads of the driver. */
    static void threads(Scene scene, Dice dice) throws IOException {
        int count = dice.between(1, 6);
        for (int i = 0; i < count && scene.oracle().patience().outstanding() < MOST_ORDERS; i++) {
            Order order = order(scene, dice, i);
            scene.say("thread: " + order.summary());
            scene.clients().thread(scene, order);
        }
    }

    /** As many as there may be, at once. */
    static void crowd(Scene scene, Dice dice) throws IOException {
        scene.say("a crowd");
        for (int i = 0; scene.oracle().patience().outstanding() < MOST_ORDERS; i++) {
            scene.clients().thread(scene, order(scene, dice, i));
        }
    }

    static void interrupt(Scene scene, Dice dice) {
        List<String> atWork = scene.clients().atWork();
        int choice = dice.below(100);
        if (atWork.isEmpty()) {
            scene.say("no thread to interrupt");
            return;
        }
        String order = atWork.get(choice % atWork.size());
        scene.say("interrupt " + order);
        scene.oracle().interrupted(order);
        scene.clients().interrupt(order);
    }

    /** Some threads of a client process. */
    static void workers(Scene scene, Dice dice) throws IOException {
        int count = dice.between(1, 4);
        for (int i = 0; i < count && scene.oracle().patience().outstanding() < MOST_ORDERS; i++) {
            Order order = order(scene, dice, i);
            Client client = scene.clients().worker(scene, order, dice.below(100));
            scene.say(client + ": " + order.summary());
        }
    }

    /** A command. */
    static void command(Scene scene, Dice dice) throws IOException {
        Order order = order(scene, dice, 0);
        scene.say(scene.clients().command(scene, order) + ": " + order.summary());
    }

    /** A client that tells the daemon to leave. */
    static void leave(Scene scene, Dice dice) throws IOException {
        Order order = order(scene, dice, 0);
        Order leaving =
                new Order(order.id(), order.setting(), order.version(), order.timeoutMillis(), 1, 0, 0, 0, true);
        scene.say("thread: " + leaving.summary());
        scene.clients().thread(scene, leaving);
    }

    static void kill(Scene scene, Dice dice) throws IOException {
        List<Client> running = scene.clients().running();
        int choice = dice.below(100);
        if (running.isEmpty()) {
            scene.say("no client to kill");
            return;
        }
        kill(scene, running.get(choice % running.size()));
    }

    private static void kill(Scene scene, Client client) throws IOException {
        scene.say("kill -9 client " + client);
        scene.tally().kills++;
        scene.oracle().signalled(client.pid(), "KILL");
        scene.clients().kill(scene, client);
        scene.oracle().stopped().remove(client.pid());
    }

    /** A client that is killed while it starts the daemon, if none runs and nobody else is quicker. */
    static void killStarter(Scene scene, Dice dice) throws IOException {
        Order order = order(scene, dice, 0);
        int delay = dice.below(400);
        List<Processes.Found> before = Processes.naming(scene.setting().home());
        Client client = scene.clients().command(scene, order);
        scene.say(client + ": " + order.summary() + ", to be killed");
        boolean seen = Waiting.until(5, () -> isStarting(scene, before) || !client.isAlive());
        Waiting.pause(seen ? delay : 0);
        if (scene.clients().running().contains(client)) {
            kill(scene, client);
        }
    }

    /**
     * A client that is stopped while it starts the daemon, beyond its deadline. Another uses the daemon meanwhile, and still
     * does when the first goes on, and gives up.
     */
    static void stopStarter(Scene scene, Dice dice) throws IOException {
        Order order = order(scene, dice, 0);
        Order starting =
                new Order(order.id(), order.setting(), order.version(), STARTER_MILLIS, order.calls(), 0, 0, 0, false);
        Order using = new Order(order.id() + "-using", order.setting(), order.version(), 10_000, 12, 0, 250, 0, false);
        int delay = dice.below(300);
        for (Processes.Found daemon : scene.daemons()) {
            DaemonSteps.kill(scene, daemon);
        }
        List<Processes.Found> before = Processes.naming(scene.setting().home());
        Client client = scene.clients().command(scene, starting);
        scene.say(client + ": " + starting.summary() + ", to be stopped, and thread: " + using.summary());
        Waiting.until(5, () -> isStarting(scene, before) || !client.isAlive());
        Waiting.pause(delay);
        if (scene.clients().running().contains(client)) {
            stop(scene, client, 0);
        }
        scene.clients().thread(scene, using);
        Waiting.pause(STARTER_MILLIS + dice.below(1500));
        scene.agenda().runDue(scene.tally().steps);
    }

    private static boolean isStarting(Scene scene, List<Processes.Found> before) throws IOException {
        return Processes.naming(scene.setting().home()).stream()
                .anyMatch(p ->
                        p.kind() != Processes.Kind.CLIENT && before.stream().noneMatch(b -> b.pid() == p.pid()));
    }

    static void stop(Scene scene, Dice dice) throws IOException {
        List<Client> running = scene.clients().running();
        int choice = dice.below(100);
        int steps = dice.between(1, 15);
        if (running.isEmpty()) {
            scene.say("no client to stop");
            return;
        }
        stop(scene, running.get(choice % running.size()), steps);
    }

    private static void stop(Scene scene, Client client, int steps) throws IOException {
        if (!scene.oracle().stopped().add(client.pid())) {
            scene.say("is stopped: " + client);
            return;
        }
        scene.say("stop client " + client + " for " + steps + " steps");
        scene.tally().stops++;
        Faults.Fault fault = scene.faults().began(Faults.Kind.CLIENT_STOPPED);
        scene.oracle().patience().stopped(client.name());
        scene.signal(client.pid(), "STOP");
        scene.agenda().add(scene.tally().steps + steps, () -> {
            scene.say("continue client " + client);
            scene.signal(client.pid(), "CONT");
            scene.oracle().stopped().remove(client.pid());
            scene.oracle().patience().continued(client.name());
            fault.end();
        });
    }
}
