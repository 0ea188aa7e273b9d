package io.github.autodaemon.internal.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a group that may write to a directory is anybody else's. */
class GroupTest {
    @ParameterizedTest
    @CsvSource({
        "ann:x:1000:, true",
        "ann:x:1000:ann, true",
        "ann:x:1000:bob, false",
        "'ann:x:1000:ann,bob', false",
        // It is the first group of another user.
        "ann:x:100:, false",
        "staff:x:1000:, false",
        "ann:x, false",
        "+, false",
    })
    void aGroupIsItsOwnersAloneWhenItHasNoOtherMember(String line, boolean alone) {
        List<String> users = List.of("root:x:0:0::/root:/bin/sh", "ann:x:1000:1000::/:", "carl:x:1001:100::/:", "+");
        assertThat(Group.isOwners("ann", List.of("root:x:0:", line), users)).isEqualTo(alone);
    }
}
