package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AccountsTest {
    private final Accounts accounts = new Accounts();

    @Test
    void aCallThatRanTwice() {
        accounts.sent("a");
        accounts.ran("a", "17", "1");
        assertThatThrownBy(() -> accounts.ran("a", "18", "1")).hasMessageContaining("a ran twice");
    }
}
