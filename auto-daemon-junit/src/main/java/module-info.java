/** A JUnit extension for tests of services that start themselves. */
module io.github.autodaemon.junit {
    requires transitive io.github.autodaemon;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports io.github.autodaemon.junit;
}
