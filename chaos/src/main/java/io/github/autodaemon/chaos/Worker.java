package io.github.autodaemon.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client process: {@code Worker NAME [ORDER]}. Without an order it takes one per line, until its input ends. */
final class Worker {
    private Worker() {}

    /** Runs a client process. */
    public static void main(String[] args) throws IOException {
        String name = String.valueOf(Path.of(args[0]).getFileName());
        if (args.length > 1) {
            caller(Order.parse(args[1]), name).run();
            return;
        }
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = orders.readLine();
        while (line != null) {
            Thread thread = new Thread(caller(Order.parse(line), name), "chaos-client");
            thread.setDaemon(true);
            thread.start();
            line = orders.readLine();
        }
    }

    private static Caller caller(Order order, String name) throws IOException {
        return new Caller(order, new Lines(order.setting().journal(name)));
    }
}
