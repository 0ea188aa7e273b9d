package io.github.autodaemon.interop;

import io.github.autodaemon.Duplex;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A service with a method of each kind; {@code WorkshopService} and {@code workshop.js} implement it. */
public interface Workshop {
    /** Adds to a sum and returns it. */
    long add(long n);

    /** Returns its argument. */
    Object echo(Object value);

    /** The number of UTF-16 units of a text, as it arrived. */
    int length(String text);

    /** Throws. */
    void fail(String message);

    /** Throws what has fields and a cause. */
    void refuse(String message);

    /** Answers after it has returned. */
    CompletableFuture<String> later(String text);

    /** Fails after it has returned. */
    CompletableFuture<String> failLater(String message);

    /** Does not answer. */
    CompletableFuture<String> never();

    /** Reads an object that has a property {@code message}. */
    String post(Map<String, Object> letter);

    /** The extra arguments of the daemon. */
    List<String> args();

    /** The daemon's process. */
    long pid();

    /** Ends the daemon. */
    void close();

    /** Gives back what comes. */
    Duplex mirror();

    /** Reads to the end, then gives the SHA-256 of what came. */
    Duplex digest();

    /** Gives so many bytes of {@link Pattern} and reads nothing. */
    Duplex bytes(long count);

    /** Takes bytes and gives none. */
    Duplex collect();

    /** How many bytes the last {@link #collect()} took, once it has ended. */
    CompletableFuture<Long> collected();

    /** Gives some bytes and then fails. */
    Duplex broken();
}
