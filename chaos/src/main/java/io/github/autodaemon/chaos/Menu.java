package io.github.autodaemon.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The steps of a kind of chapter, each as many times as it is likely. */
final class Menu {
    /** One step. */
    interface Step {
        void take(Scene scene, Dice dice) throws IOException;
    }

    private final List<Step> uses = new ArrayList<>();
    private final List<Step> faults = new ArrayList<>();

    private Menu() {}

    static Menu of(Chapter.Kind kind, boolean small) {
        Menu menu = new Menu();
        add(menu.uses, 8, ClientSteps::threads);
        add(menu.uses, 6, ClientSteps::workers);
        add(menu.uses, 2, ClientSteps::command);
        add(menu.uses, 10, RecorderSteps::commands);
        add(menu.uses, 2, ClientSteps::leave);
        add(menu.uses, 1, ClientSteps::crowd);
        add(menu.faults, 3, ClientSteps::kill);
        add(menu.faults, 3, ClientSteps::killStarter);
        add(menu.faults, 3, ClientSteps::interrupt);
        add(menu.faults, 5, RecorderSteps::signal);
        add(menu.faults, 2, RecorderSteps::spoilStamp);
        add(menu.faults, 2, RecorderSteps::touchJar);
        if (kind == Chapter.Kind.QUIET) {
            return menu;
        }
        add(menu.faults, 2, ClientSteps::stop);
        add(menu.faults, 3, ClientSteps::stopStarter);
        add(menu.faults, 4, DaemonSteps::kill);
        add(menu.faults, 5, RecorderSteps::endDaemon);
        add(menu.faults, 2, DaemonSteps::terminate);
        add(menu.faults, 4, DaemonSteps::stop);
        add(menu.faults, 3, DaemonSteps::killNewborn);
        add(menu.faults, 1, DaemonSteps::killShell);
        add(menu.faults, 2, DaemonSteps::stopShell);
        if (kind == Chapter.Kind.SIGNALS) {
            add(menu.faults, 3, DaemonSteps::connectToStopped);
            return menu;
        }
        add(menu.faults, 3, FileSteps::removeSocket);
        add(menu.faults, 3, FileSteps::truncateLog);
        if (kind == Chapter.Kind.FULL) {
            if (small) {
                add(menu.faults, 12, FileSteps::fill);
            }
            return menu;
        }
        add(menu.faults, 6, FileSteps::removeSibling);
        add(menu.faults, 4, FileSteps::removeLocks);
        add(menu.faults, 4, FileSteps::writeGarbage);
        add(menu.faults, 4, FileSteps::moveSocket);
        add(menu.faults, 2, FileSteps::removeDirectory);
        add(menu.faults, 3, FileSteps::plantFile);
        return menu;
    }

    private static void add(List<Step> steps, int times, Step step) {
        for (int i = 0; i < times; i++) {
            steps.add(step);
        }
    }

    Step choose(Dice dice, int faultPercent) {
        List<Step> course = dice.chance(faultPercent) ? faults : uses;
        return course.get(dice.below(course.size()));
    }
}
