package io.github.autodaemon.front;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** Tests that are run with several builds of the front, each test with a desk of its own. */
abstract class WithEachBuild {
    @Parameter
    Build build;

    @RegisterExtension
    final Desk desk = new Desk();

    @BeforeEach
    void build() throws Exception {
        Desk unused = desk.with(build);
    }
}
