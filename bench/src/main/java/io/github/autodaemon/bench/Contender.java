package io.github.autodaemon.bench;

/** What is measured; the name is what the tables call it. */
enum Contender {
    OURS("auto-daemon"),
    LISTENING("auto-daemon, with a listener"),
    SHARED("auto-daemon, shared connection"),
    RAW("raw Java"),
    RAW_HEAP("raw Java, heap"),
    NPM("npm"),
    GRPC("gRPC"),
    LSP4J("LSP4J"),
    RMI("RMI");

    private final String words;

    Contender(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
