package io.github.autodaemon;

import io.github.autodaemon.StreamEnds.Kind;
import io.github.autodaemon.contract.StreamContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The streams between two Java sides, seen from the client and from the service. Node's ends are in interop. */
class StreamContractTest {
    abstract static class BetweenJavaSides extends StreamContract {
        @RegisterExtension
        final StreamEnds ends = new StreamEnds();

        private final Kind kind;
        private final boolean fromTheService;

        BetweenJavaSides(Kind kind, boolean fromTheService) {
            this.kind = kind;
            this.fromTheService = fromTheService;
        }

        @Override
        protected void open() throws InterruptedException {
            Duplex.Pair pair = ends.open(kind);
            here = fromTheService ? pair.right() : pair.left();
            there = fromTheService ? pair.left() : pair.right();
        }
    }

    @Nested
    class InMemory extends BetweenJavaSides {
        InMemory() {
            super(Kind.MEMORY, false);
        }
    }

    @Nested
    class Shared extends BetweenJavaSides {
        Shared() {
            super(Kind.SHARED, false);
        }
    }

    @Nested
    class SharedFromTheService extends BetweenJavaSides {
        SharedFromTheService() {
            super(Kind.SHARED, true);
        }
    }

    @Nested
    class OnItsOwnConnection extends BetweenJavaSides {
        OnItsOwnConnection() {
            super(Kind.OWN, false);
        }
    }

    @Nested
    class OnItsOwnConnectionFromTheService extends BetweenJavaSides {
        OnItsOwnConnectionFromTheService() {
            super(Kind.OWN, true);
        }
    }

    @Nested
    class InProcess extends BetweenJavaSides {
        InProcess() {
            super(Kind.IN_PROCESS, false);
        }
    }
}
