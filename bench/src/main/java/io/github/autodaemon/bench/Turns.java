package io.github.autodaemon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Measures several in turns, A B A B: what disturbs the machine for a while disturbs them all. */
final class Turns {
    /** Measures one of them once. */
    interface Measure {
        /** Its figures. */
        List<Figure> take() throws IOException, InterruptedException;
    }

    /** One figure; {@code row} says what of. */
    record Figure(String row, String unit, double value) {}

    private record Entrant(String who, Measure measure) {}

    private final Recorder recorder;
    private final List<Entrant> entrants = new ArrayList<>();

    Turns(Recorder recorder) {
        this.recorder = recorder;
    }

    /** One that cannot be made ready does not take part. */
    void enter(String who, Preparation preparation) throws InterruptedException {
        try {
            entrants.add(new Entrant(who, preparation.ready()));
        } catch (IOException e) {
            recorder.failed(who, e);
        }
    }

    /** Starts what is to be measured. */
    interface Preparation {
        /** How it is measured. */
        Measure ready() throws IOException, InterruptedException;
    }

    /** So many rounds that count, after some that do not. One that fails drops out; the others go on. */
    void run(int warmUp, int rounds) throws InterruptedException {
        for (int i = -warmUp; i < rounds; i++) {
            for (Iterator<Entrant> all = entrants.iterator(); all.hasNext(); ) {
                Entrant one = all.next();
                try {
                    List<Figure> figures = one.measure().take();
                    if (i >= 0) {
                        figures.forEach(figure -> recorder.add(one.who(), figure));
                    }
                } catch (IOException e) {
                    recorder.failed(one.who(), e);
                    all.remove();
                }
            }
        }
    }
}
