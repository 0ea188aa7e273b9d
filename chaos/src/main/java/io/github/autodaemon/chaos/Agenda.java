package io.github.autodaemon.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What is to be undone at a later step, and at the end of the chapter in any case. */
final class Agenda {
    /** Undoes something. */
    interface Deed {
        void run() throws IOException;
    }

    private record Entry(int step, Deed deed) {}

    private final List<Entry> entries = new ArrayList<>();

    void add(int step, Deed deed) {
        entries.add(new Entry(step, deed));
    }

    void runDue(int step) throws IOException {
        List<Entry> due = entries.stream().filter(e -> e.step() <= step).toList();
        entries.removeAll(due);
        for (Entry entry : due) {
            entry.deed().run();
        }
    }
}
