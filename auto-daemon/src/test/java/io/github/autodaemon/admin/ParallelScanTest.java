package io.github.autodaemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.fs.SocketPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever has no time to answer is told from who never answers. */
@Timeout(60)
class ParallelScanTest {
    private final Map<Path, Integer> asked = new HashMap<>();
    private final Map<Path, Integer> silences = new HashMap<>();

    private synchronized List<Daemon> look(Path place) {
        int times = asked.merge(place, 1, Integer::sum);
        Daemon.State state =
                times > silences.getOrDefault(place, 0) ? Daemon.State.SERVING : Daemon.State.NOT_RESPONDING;
        return List.of(new Daemon(new SocketPath(place, false), state, "", null, null, null, Map.of(), List.of()));
    }

    private Path silent(String name, int times) {
        Path place = Path.of("/nowhere", name);
        silences.put(place, times);
        return place;
    }

    private List<String> survey(List<Path> places) {
        List<String> all = new ArrayList<>();
        for (Daemon daemon : new ParallelScan(this::look).of(places)) {
            all.add(daemon.name() + " " + daemon.state());
        }
        return all;
    }

    /** The first answers at once; then there is a moment in which nothing runs. */
    @Test
    void whoIsSilentIsAskedAgainAsLongAsAnswersCome() {
        List<Path> places = List.of(silent("a", 0), silent("b", 1), silent("c", 2), silent("d", 1000));
        assertThat(survey(places)).containsExactly("a SERVING", "b SERVING", "c SERVING", "d NOT_RESPONDING");
        assertThat(places).extracting(asked::get).containsExactly(1, 2, 3, 4);
    }

    @Test
    void whereNobodyAnswersNobodyIsAskedAgain() {
        List<Path> places = List.of(silent("a", 1000), silent("b", 1000));
        assertThat(survey(places)).containsExactly("a NOT_RESPONDING", "b NOT_RESPONDING");
        assertThat(places).extracting(asked::get).containsExactly(1, 1);
        assertThat(survey(List.of())).isEmpty();
    }
}
