package io.github.autodaemon.bench;

import java.io.IOException;

/** One part of the measurement, which can be run by itself. */
interface Part {
    /** Measures; what fails is recorded, and the rest is measured all the same. */
    void measure(Lab lab, Recorder recorder) throws IOException, InterruptedException;
}
