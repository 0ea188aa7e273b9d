/** Background services that start themselves when a program needs them. */
module io.github.autodaemon {
    requires com.google.gson;
    requires jdk.net;
    requires jdk.unsupported;
    requires static info.picocli;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports io.github.autodaemon;
    exports io.github.autodaemon.admin;
    exports io.github.autodaemon.picocli;
}
