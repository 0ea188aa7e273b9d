package io.github.autodaemon.bench.peer;

/** A program that prints a letter and ends, in one of three ways. */
final class Hello {
    private Hello() {}

    /** Runs it: {@code Hello [exit | halt]}. */
    public static void main(String[] args) {
        System.out.println("x");
        if (args.length > 0 && args[0].equals("halt")) {
            Runtime.getRuntime().halt(0);
        }
        if (args.length > 0) {
            System.exit(0);
        }
    }
}
