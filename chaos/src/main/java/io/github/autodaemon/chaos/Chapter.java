package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Some steps in one place under one set of rules; then all faults are undone, and everything has to work and to end. */
final class Chapter {
    /** What is done to daemons and clients in a chapter. */
    enum Kind {
        /** Nothing is done to daemons: no connect fails, no connection breaks. Clients are killed. */
        QUIET,
        /** Daemons are killed, stopped and told to end; clients are stopped too. Nobody touches the files. */
        SIGNALS,
        /** All of it, and files vanish. */
        FILES,
        /** The socket is on a small file system, which fills up. */
        FULL
    }

    /**
     * The rules.
     *
     * @param versions whether two versions alternate
     * @param faultPercent how many of the steps are faults
     */
    record Rules(Kind kind, boolean versions, int faultPercent) {
        boolean locksAreTouched() {
            return kind == Kind.FILES;
        }
    }

    private static final int SETTLE_SECONDS = 60;
    private static final int END_SECONDS = 60;
    private static final int RECOVERY_MILLIS = 30_000;
    private static final int CLOSE_MILLIS = 5000;
    private static final Set<String> LEFT =
            Set.of("s.lock", "s.spawn", "s.log", "s.log.previous", "s.log.next", "s.info", "s.failed", "s.history");

    /**
     * Of a daemon beside another: the beginning of its files' names, and its socket, which stays when it is killed, until
     * somebody wants that version again.
     */
    private static final Pattern BESIDE = Pattern.compile("^s\\+\\p{XDigit}+\\.");

    private static final Pattern SOCKET_BESIDE = Pattern.compile("s\\+\\p{XDigit}+");

    private final Scene scene;
    private final long seed;
    private final int number;
    private final int steps;

    Chapter(Path run, long seed, int number, Clients clients, Tally tally, RunLog log) throws IOException {
        this.seed = seed;
        this.number = number;
        Dice dice = new Dice(seed, number, -1);
        Kind kind = Kind.values()[(number - 1 + (int) Math.floorMod(seed, 4L)) % Kind.values().length];
        Setting setting = new Setting(run.resolve("c" + number), dice.one(-1, -1, 0, 20, 300), dice.chance(25));
        Rules rules = new Rules(kind, dice.chance(40), dice.between(10, 55));
        steps = dice.between(30, 70);
        Faults faults = new Faults();
        Oracle oracle = new Oracle(setting, rules, tally, faults, log);
        scene = new Scene(run, "c" + number, setting, rules, oracle, faults, new Agenda(), clients, tally, log);
    }

    /** Does the steps, as long as there is time, and settles. */
    void run(BooleanSupplier goesOn) throws IOException {
        scene.tally().chapters++;
        Setting setting = scene.setting();
        Files.createDirectory(setting.home());
        Files.createDirectory(
                setting.directory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // A zip file without entries.
        Files.write(setting.jar(), Arrays.copyOf(new byte[] {'P', 'K', 5, 6}, 22));
        setting.touch(0);
        Recorder.writeScript(setting, "v1");
        Recorder.writeScript(setting, "v2");
        Files.createDirectory(setting.cache());
        boolean mounted = scene.rules().kind() == Kind.FULL && SmallDisk.mount(setting.directory());
        scene.say("--- chapter " + scene.rules() + ", linger " + setting.lingerMillis()
                + (setting.exclusive() ? ", exclusive" : ""));
        if (scene.rules().kind() == Kind.FULL && !mounted) {
            scene.say("no small file system: mount(8) refused, which needs root");
        }
        Menu menu = Menu.of(scene.rules().kind(), mounted);
        for (int i = 0; i < steps && goesOn.getAsBoolean(); i++) {
            scene.tally().steps++;
            scene.agenda().runDue(scene.tally().steps);
            Dice dice = new Dice(seed, number, i);
            menu.choose(dice, scene.rules().faultPercent()).take(scene, dice);
            Waiting.pause(dice.chance(30) ? 0 : dice.below(150));
            scene.oracle().look();
        }
        settle();
        if (mounted) {
            SmallDisk.unmount(setting.directory());
        }
        FileSteps.delete(setting.home());
    }

    private void settle() throws IOException {
        scene.agenda().runDue(Integer.MAX_VALUE);
        boolean settled = Waiting.until(SETTLE_SECONDS, () -> {
            scene.oracle().look();
            return scene.oracle().patience().outstanding() == 0;
        });
        if (!settled) {
            throw new Violation("nothing is stopped any more, and clients wait: "
                    + scene.oracle().patience().summary());
        }
        recover();
        Waiting.until(END_SECONDS, this::askToLeave);
        scene.oracle().lookAtTheEnd();
        Set<String> left = left();
        if (!left.isEmpty()) {
            throw new Violation("left behind: " + left);
        }
    }

    /** Whatever was done, it works again. */
    private void recover() throws IOException {
        scene.oracle().calm();
        // Of the two versions, the one that runs: the other may have used up its replacements.
        String version = AutoDaemon.dynamic("record")
                .socket(scene.setting().socket())
                .build()
                .status()
                .map(status -> status.args().get(0))
                .orElse("v1");
        Order order =
                new Order(scene.name() + "-end", scene.setting(), version, RECOVERY_MILLIS, 2, 0, 0, 100_000, true);
        scene.say("settled; " + order.summary());
        scene.clients().thread(scene, order);
        boolean done = Waiting.until(END_SECONDS, () -> {
            scene.oracle().look();
            return scene.oracle().patience().outstanding() == 0;
        });
        if (!done) {
            throw new Violation(
                    "the last client waits: " + scene.oracle().patience().summary());
        }
    }

    /** One that a killed client has started may come to serve only now. */
    private boolean askToLeave() throws IOException {
        try {
            Bounded.within(CLOSE_MILLIS, "asking a daemon to leave", this::tellToLeave);
        } catch (AutoDaemonException e) {
            scene.say("not yet: " + e.getMessage());
        }
        return left().isEmpty();
    }

    /** Each version may have one of its own, beside the other's, and so had the versions before each touch of the jar. */
    private boolean tellToLeave() throws IOException {
        boolean told = false;
        for (int touches = 0; touches <= scene.oracle().touches(); touches++) {
            scene.setting().touch(touches);
            told |= tellVersionsToLeave();
        }
        return told;
    }

    private boolean tellVersionsToLeave() {
        boolean told = scene.setting().daemon("v1", CLOSE_MILLIS).end(Ledger::leave);
        return scene.setting().daemon("v2", CLOSE_MILLIS).end(Ledger::leave) || told;
    }

    /** Processes and files that should not be there any more. */
    private Set<String> left() throws IOException {
        Set<String> left = new TreeSet<>();
        Processes.naming(scene.setting().home()).forEach(p -> left.add(p.toString()));
        try (Stream<Path> files = Files.list(scene.setting().directory())) {
            files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !LEFT.contains(BESIDE.matcher(name).replaceFirst("s.")))
                    .filter(name -> !SOCKET_BESIDE.matcher(name).matches())
                    .filter(name -> !scene.oracle().isTorn(name))
                    .forEach(left::add);
        }
        return left;
    }
}
