package io.github.autodaemon.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** No recorded conversation is left out without a reason. */
class CoverageTest {
    /** Recorded, but not replayed byte by byte. */
    private static final Map<String, String> NOT_REPLAYED = Map.of(
            "63",
                    "the bytes were cut when they were recorded (a file was sent), and it is about descriptors of npm's daemon",
            "d2", "the bytes were cut when they were recorded; a peer that never reads is in UnreadPeerTest");

    @Test
    void everyGoldenIsReplayedOrHasAReason() {
        List<String> missing = new ArrayList<>();
        Set<String> ids = new TreeSet<>();
        for (Golden golden : Golden.all()) {
            boolean server = ServerExpectations.covers(golden);
            boolean client = ClientExpectations.covers(golden);
            if (!server && !client && !NOT_REPLAYED.containsKey(golden.id())) {
                missing.add(golden.name());
            }
            assertThat(server || client).as(golden.name()).isNotEqualTo(NOT_REPLAYED.containsKey(golden.id()));
            assertThat(ids.add(golden.id())).as(golden.name()).isTrue();
        }
        assertThat(missing).isEmpty();
        assertThat(ids).hasSize(136);
    }

    @Test
    void everyListedDifferenceBelongsToAReplayedGolden() {
        Set<String> server = new TreeSet<>();
        Set<String> client = new TreeSet<>();
        for (Golden golden : Golden.all()) {
            if (ServerExpectations.covers(golden)) {
                server.add(golden.id());
            }
            if (ClientExpectations.covers(golden)) {
                client.add(golden.id());
            }
        }
        assertThat(server).containsAll(ServerDifferences.SAID.keySet()).containsAll(RawServerDifferences.SAID.keySet());
        assertThat(client).containsAll(ClientDifferences.HEARD.keySet()).containsAll(ClientDifferences.SAID.keySet());
    }
}
