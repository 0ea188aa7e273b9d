package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The books have to be able to disagree. */
class AccountsTest {
    private final Accounts accounts = new Accounts();

    @Test
    void callsThatAreInOrder() {
        accounts.sent("acked");
        accounts.ran("acked", "17", "1");
        accounts.acked("acked", "1");
        accounts.sent("lost, ran");
        accounts.lost("lost, ran", true);
        accounts.ran("lost, ran", "17", "2");
        accounts.sent("lost, did not run");
        accounts.lost("lost, did not run", true);
        accounts.sent("not run");
        accounts.lost("not run", false);
        accounts.sent("its client was killed");
        accounts.ran("its client was killed", "17", "3");
        accounts.checkAll();
    }

    @Test
    void aCallThatRanTwice() {
        accounts.sent("a");
        accounts.ran("a", "17", "1");
        assertThatThrownBy(() -> accounts.ran("a", "18", "1"))
                .isInstanceOf(Violation.class)
                .hasMessage("the call a ran twice, the second time in the daemon 18");
    }

    @Test
    void anAcknowledgedCallThatDidNotRun() {
        accounts.sent("a");
        accounts.acked("a", "1");
        assertThatThrownBy(accounts::check)
                .isInstanceOf(Violation.class)
                .hasMessage("the call a was acknowledged and is not in the ledger");
    }

    @Test
    void theAnswerOfAnotherCall() {
        accounts.sent("a");
        accounts.ran("a", "17", "2");
        accounts.acked("a", "1");
        assertThatThrownBy(accounts::check)
                .isInstanceOf(Violation.class)
                .hasMessage("the call a got the answer 1, the ledger has 2");
    }

    @Test
    void aCallThatWasSaidNotToHaveRunAndDid() {
        accounts.sent("before");
        accounts.ran("before", "17", "1");
        accounts.lost("before", false);
        assertThatThrownBy(accounts::check).isInstanceOf(Violation.class).hasMessageContaining("it had not");
    }

    @Test
    void aCallThatWasSaidNotToHaveRunAndDoes() {
        accounts.sent("after");
        accounts.lost("after", false);
        accounts.check();
        assertThatThrownBy(() -> accounts.ran("after", "17", "1"))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("it had not");
    }

    @Test
    void aCallThatEndsTwice() {
        accounts.sent("a");
        accounts.acked("a", "1");
        assertThatThrownBy(() -> accounts.lost("a", true))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("ended twice");
    }

    @Test
    void aCallThatNobodySent() {
        accounts.ran("a", "17", "1");
        assertThatThrownBy(accounts::checkAll)
                .isInstanceOf(Violation.class)
                .hasMessage("calls ran that nobody sent: [a]");
    }
}
