package io.github.autodaemon.warm.agent;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Rewrites the classes of the JDK that {@link Hooks} stands in front of. The rewriter and its library have a class loader
 * of their own, which the tool does not see.
 */
public final class Agent {
    private static final String REWRITER = "io.github.autodaemon.warm.Rewriter";

    private Agent() {}

    /**
     * Called by the JVM before {@code main}.
     *
     * @param classPath where the rewriter is
     * @throws Exception which ends the JVM: without the rewriting no command can run here
     */
    public static void premain(String classPath, Instrumentation instrumentation) throws Exception {
        String[] parts = classPath.split(File.pathSeparator, -1);
        URL[] urls = new URL[parts.length];
        for (int i = 0; i < parts.length; i++) {
            urls[i] = new File(parts[i]).toURI().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            ClassFileTransformer rewriter = (ClassFileTransformer)
                    loader.loadClass(REWRITER).getDeclaredConstructor().newInstance();
            instrumentation.addTransformer(rewriter, true);
            instrumentation.retransformClasses(
                    Runtime.class,
                    System.class,
                    ProcessBuilder.class,
                    FileInputStream.class,
                    FileOutputStream.class,
                    StackTraceElement.class,
                    Class.forName("java.io.DeleteOnExitHook"),
                    Class.forName("java.lang.ProcessEnvironment"));
            instrumentation.removeTransformer(rewriter);
        }
    }
}
