package io.github.autodaemon.chaos;

import io.github.autodaemon.chaos.Clients.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Commands of the program, most by the front, and what is done to them and to what they rely on. */
final class RecorderSteps {
    /** As long as the front waits for the daemon. */
    private static final int FRONT_MILLIS = 5000;

    private static final List<String> SIGNALS = List.of("KILL", "INT", "TERM");
    private static final int MOST_SIGNALLED = 3;
    private static final int HELD_MILLIS = 30_000;
    private static final int STAMP_SECONDS = 2;

    private RecorderSteps() {}

    static void commands(Scene scene, Dice dice) throws IOException {
        List<Client> unused = start(scene, dice, dice.between(1, 16));
    }

    /** Most are fronts, unless something happens meanwhile; as long as there is no stamp, one after the other. */
    private static List<Client> start(Scene scene, Dice dice, int count) throws IOException {
        String version = dice.chance(50) && scene.rules().versions() ? "v2" : "v1";
        Path stamp = scene.setting().stamp(version);
        if (dice.chance(60)) {
            // A connection keeps a daemon that leaves by itself, and a front starts none.
            Order held = new Order(
                    scene.name() + "-" + scene.tally().steps + "-held",
                    scene.setting(),
                    version,
                    HELD_MILLIS,
                    10,
                    0,
                    100,
                    0,
                    false);
            scene.say("thread: " + held.summary());
            scene.clients().thread(scene, held);
        }
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count && scene.oracle().patience().outstanding() < ClientSteps.MOST_ORDERS; i++) {
            Order any = ClientSteps.order(scene, dice, i);
            Order order = new Order(
                    any.id(), any.setting(), version, any.timeoutMillis(), 1, any.slowMillis(), 0, 0, any.leave());
            boolean front = dice.chance(90);
            Client client = scene.clients().recorder(scene, order, front);
            scene.say(client + (front ? ": " : " without front: ") + order.summary());
            clients.add(client);
            Waiting.pause(dice.one(0, 0, 2, 10));
            if (!Waiting.until(STAMP_SECONDS, () -> Files.exists(stamp) || !client.isAlive())) {
                break;
            }
        }
        return clients;
    }

    /** Most within the life of a front, some within that of a JVM; a second signal ends those that wait after the first. */
    static void signal(Scene scene, Dice dice) throws IOException {
        int pause = dice.chance(75) ? dice.below(12) : dice.below(500);
        Iterator<Integer> choices = dice.numbers(2 * MOST_SIGNALLED).iterator();
        List<Client> clients = start(scene, dice, dice.between(1, MOST_SIGNALLED));
        Waiting.pause(pause);
        for (Client client : clients) {
            int signal = choices.next();
            int again = choices.next();
            signal(scene, client, signal % SIGNALS.size());
            if (again < 300) {
                Waiting.pause(again % 4);
                signal(scene, client, 1 + again % 2);
            }
        }
    }

    private static void signal(Scene scene, Client client, int choice) throws IOException {
        String signal = SIGNALS.get(choice);
        if (client.isAlive()) {
            scene.say("kill -" + signal + " " + client);
            scene.tally().kills++;
            if (signal.equals("INT")) {
                boolean unused = scene.signal(client.pid(), signal);
            } else {
                // Without kill(1), which takes longer than a front.
                scene.oracle().signalled(client.pid(), signal);
                client.end(signal.equals("KILL"));
            }
        }
    }

    /** What happens to daemons while they have commands. */
    static void endDaemon(Scene scene, Dice dice) throws IOException {
        int pause = dice.chance(75) ? dice.below(15) : dice.below(400);
        int choice = dice.below(100);
        int steps = dice.between(1, 20);
        int late = FRONT_MILLIS - dice.below(40);
        List<Client> unused = start(scene, dice, dice.between(2, 6));
        Waiting.pause(pause);
        for (Processes.Found daemon : scene.daemons()) {
            if (choice < 50) {
                DaemonSteps.kill(scene, daemon);
            } else if (choice < 70) {
                DaemonSteps.terminate(scene, daemon);
            } else {
                DaemonSteps.stop(scene, daemon, choice < 90 ? steps : 0);
            }
        }
        if (choice >= 90) {
            // They go on at the moment at which fronts give up.
            Waiting.pause(late);
            scene.agenda().runDue(scene.tally().steps);
        }
    }

    /** A stamp is deleted, cut, or has another byte; the front runs the script, and the script's JVM writes a new one. */
    static void spoilStamp(Scene scene, Dice dice) throws IOException {
        int choice = dice.below(3);
        int at = dice.below(1000);
        byte[] other = dice.bytes(1);
        Path stamp = scene.setting().stamp(dice.chance(50) ? "v2" : "v1");
        if (!Files.exists(stamp)) {
            scene.say("no stamp to spoil");
            return;
        }
        scene.say((choice == 0 ? "delete " : choice == 1 ? "cut " : "change ") + stamp);
        scene.tally().files++;
        if (choice == 0) {
            Files.delete(stamp);
            return;
        }
        byte[] content = Files.readAllBytes(stamp);
        int place = at % content.length;
        content[place] = other[0];
        Files.write(stamp, choice == 1 ? Arrays.copyOf(content, place) : content);
    }

    /** A new version of the program is built: running daemons are replaced, as those of another version are. */
    static void touchJar(Scene scene, Dice dice) throws IOException {
        if (!scene.rules().versions()) {
            scene.say("one version, so no jar is touched");
            return;
        }
        scene.say("touch the jar, and commands");
        scene.tally().files++;
        // A daemon that starts meanwhile may be told which files it has before or after.
        List<Processes.Found> outdated = scene.daemons();
        scene.setting().touch(scene.oracle().touches() + 1);
        scene.oracle().touched(outdated);
        commands(scene, dice);
    }
}
