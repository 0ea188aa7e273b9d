package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be started is refused when it is described, with the option that helps. */
@Timeout(120)
class BuildRefusalTest {
    /** Loads classes out of jars that lie in its own jar, as the launchers of fat jars do. */
    private static final String NESTED = """
            package nested;

            import java.io.*;
            import java.util.*;
            import java.util.jar.*;

            public final class NestedLauncher extends ClassLoader {
                private final Map<String, byte[]> files = new HashMap<>();

                public static void main(String[] args) throws Exception {
                    NestedLauncher loader = new NestedLauncher();
                    try (JarFile own = new JarFile(System.getProperty("java.class.path"))) {
                        for (JarEntry entry : Collections.list(own.entries())) {
                            if (entry.getName().endsWith(".jar")) {
                                loader.add(own.getInputStream(entry));
                            }
                        }
                    }
                    loader.loadClass("tally.TallyCommand").getMethod("main", String[].class).invoke(null, (Object) args);
                }

                private void add(InputStream jar) throws IOException {
                    JarInputStream in = new JarInputStream(jar);
                    for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                        files.putIfAbsent(entry.getName(), in.readAllBytes());
                    }
                }

                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    byte[] bytes = files.get(name.replace('.', '/') + ".class");
                    if (bytes == null) {
                        throw new ClassNotFoundException(name);
                    }
                    return defineClass(name, bytes, 0, bytes.length);
                }
            }
            """;

    private static final String LAYER = """
            package layers;

            import java.lang.module.*;
            import java.nio.file.*;
            import java.util.*;

            public final class LayerLauncher {
                public static void main(String[] args) throws Exception {
                    List<Path> path = new ArrayList<>();
                    for (String element : args[0].split(":")) {
                        path.add(Path.of(element));
                    }
                    ModuleLayer boot = ModuleLayer.boot();
                    Configuration tally = boot.configuration()
                            .resolve(ModuleFinder.of(), ModuleFinder.of(path.toArray(new Path[0])), Set.of("tally"));
                    Module module = boot.defineModulesWithOneLoader(tally, ClassLoader.getPlatformClassLoader())
                            .findModule("tally").orElseThrow();
                    Class<?> main = Class.forName(module, "tally.TallyCommand");
                    main.getMethod("main", String[].class)
                            .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
                }
            }
            """;

    private static final String WORKS = "\\d+ 4\nPoint\\[x=2, y=1]\n";
    private static final String HELP =
            ", so the class path of its daemon cannot be known; name it with classPath(...), or a program to start with"
                    + " command(...)\n";

    @TempDir
    static Path shared;

    private static TallyProgram program;
    private static String classPath;

    @RegisterExtension
    final Scratch scratch = new Scratch();

    @BeforeAll
    static void compile() throws Exception {
        program = TallyProgram.compile(shared.resolve("tally"));
        classPath = program.classes() + ":" + TallyProgram.library() + ":" + TallyProgram.gson();
        TallyProgram.source(shared.resolve("nested"), "NestedLauncher", NESTED);
        TallyProgram.javac(shared.resolve("nested"), List.of());
        TallyProgram.source(shared.resolve("layers"), "LayerLauncher", LAYER);
        TallyProgram.javac(shared.resolve("layers"), List.of());
    }

    private String java(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(TallyProgram.java().toString()));
        command.addAll(List.of(arguments));
        return TallyProgram.run(scratch.directory(), Map.of(), command).out();
    }

    private String tally(String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("-cp", classPath, TallyProgram.MAIN, scratch.socket().toString()));
        command.addAll(List.of(options));
        return java(command.toArray(new String[0]));
    }

    /** As in an image that jlink has made for a program on the class path. */
    @Test
    void aJvmWithoutTheModuleThatTellsUsers() throws Exception {
        String message =
                "runs without the module jdk.net, by which the user at the other end of a socket is known; link it in"
                        + " with jlink --add-modules jdk.net, or start java with --add-modules jdk.net";
        assertThat(java(
                        "--limit-modules",
                        "java.base",
                        "-cp",
                        classPath,
                        TallyProgram.MAIN,
                        scratch.socket().toString()))
                .isEqualTo("build: the JVM in " + System.getProperty("java.home") + " " + message + "\n");
        assertThat(tally("jvmOptions", "--limit-modules=java.base"))
                .startsWith("connect: the daemon at ")
                .contains(message);
    }

    @Test
    void jarsInAJar() throws Exception {
        Path content = scratch.directory().resolve("content");
        TallyProgram.unpack(shared.resolve("nested/classes"), content);
        program.jar(content.resolve("lib/tally.jar"));
        TallyProgram.jar(content.resolve("lib/auto-daemon.jar"), TallyProgram.library());
        Files.copy(TallyProgram.gson(), content.resolve("lib/gson.jar"));
        Path jar = scratch.directory().resolve("all.jar");
        TallyProgram.jar(jar, content, "Main-Class: nested.NestedLauncher");
        String socket = scratch.socket().toString();

        assertThat(java("-jar", jar.toString(), socket))
                .isEqualTo(
                        "build: tally.TallyService was loaded by nested.NestedLauncher (a jar with nested jars, a plug-in,"
                                + " a container?)" + HELP);
        String started = java("-jar", jar.toString(), socket, "classPath", content + "/lib/*");
        assertThat(started).matches(WORKS);
        Scratch.end(started.substring(0, started.indexOf(' ')));
        // Where no daemon would be started nothing is refused.
        List<String> command = List.of(TallyProgram.java().toString(), "-jar", jar.toString(), socket);
        assertThat(TallyProgram.run(scratch.directory(), Map.of("AUTODAEMON", "off"), command)
                        .out())
                .matches(WORKS);
        assertThat(TallyProgram.run(scratch.directory(), Map.of("AUTODAEMON", "nospawn"), command)
                        .out())
                .startsWith("connect: no daemon serves ");

        Path launcher = scratch.directory().resolve("tallyd");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '" + TallyProgram.java() + "' -jar '" + jar + "' \"$2\" command \"$0\" serve it\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        assertThat(java("-jar", jar.toString(), socket, "command", launcher.toString()))
                .matches(WORKS);
    }

    @Test
    void aModuleLayerOfTheProgramsOwn() throws Exception {
        TallyProgram module = TallyProgram.module(scratch.directory().resolve("m"), true, "exports tally;");
        String path = module.classes() + ":" + TallyProgram.library() + ":" + TallyProgram.gson();
        String launcher = shared.resolve("layers/classes").toString();
        String socket = scratch.socket().toString();

        assertThat(java("-cp", launcher, "layers.LayerLauncher", path, socket))
                .isEqualTo("build: tally.TallyService is in a module layer that this program has made" + HELP);
        assertThat(java("-cp", launcher, "layers.LayerLauncher", path, socket, "classPath", path))
                .matches(WORKS);
    }

    @Test
    void aSourceFileThatIsRunAsItIs() throws Exception {
        Path file = Files.writeString(scratch.directory().resolve("Hello.java"), """
                import io.github.autodaemon.*;

                public final class Hello {
                    public interface Greeting {
                        String hello();
                    }

                    public static final class GreetingService implements Service<Greeting> {
                        public Greeting connected(Client client) {
                            return () -> "hello";
                        }
                    }

                    public static void main(String[] args) {
                        AutoDaemon.of(Greeting.class, GreetingService.class).name("hello").build();
                    }
                }
                """);
        assertThat(java("-cp", TallyProgram.library() + ":" + TallyProgram.gson(), file.toString()))
                .contains("Hello$GreetingService was loaded by com.sun.tools.javac.launcher.")
                .contains("name it with classPath(...)");
    }

    @Test
    void noClassPathAtAll() throws Exception {
        assertThat(tally("java.class.path", "", "jdk.module.main", "host"))
                .isEqualTo(
                        "build: this program was started without a class path, and tally.TallyService is in no module"
                                + HELP);
        assertThat(tally("java.class.path", "", "jdk.module.main", "host", "classPath", classPath))
                .matches(WORKS);
    }

    @Test
    void aNativeImage() throws Exception {
        String nativeImage = "org.graalvm.nativeimage.imagecode";
        String help = "build: this program is a native image, which has no JVM to run tally.TallyService with; name a"
                + " program to start with command(...), or a JVM with javaHome(...) and the daemon's class path with"
                + " classPath(...)\n";
        String home = System.getProperty("java.home");
        assertThat(tally(nativeImage, "runtime")).isEqualTo(help);
        assertThat(tally(nativeImage, "runtime", "javaHome", home)).isEqualTo(help);
        assertThat(tally(nativeImage, "runtime", "classPath", classPath)).isEqualTo(help);
        assertThat(tally(nativeImage, "runtime", "javaHome", home, "classPath", classPath))
                .matches(WORKS);
    }

    @Test
    void noJava() throws Exception {
        assertThat(tally("java.home", scratch.directory().toString()))
                .isEqualTo("build: there is no JVM to run the daemon with: " + scratch.directory()
                        + "/bin/java is not executable; name a Java installation with javaHome(...), or a program to start"
                        + " with command(...)\n");
    }

    /** What is started is a program, so nothing about a JVM matters; this one ends at once. */
    @Test
    void aCommandAnswersAllOfThem() throws Exception {
        assertThat(tally(
                        "java.class.path", "", "org.graalvm.nativeimage.imagecode", "runtime", "command", "/bin/false"))
                .startsWith("connect: ")
                .contains("its process ended before it answered (exit code 1)");
    }

    @Test
    void windows() throws Exception {
        assertThat(tally("os.name", "Windows 11"))
                .isEqualTo("build: auto-daemon runs on Linux (and, untested, macOS), not on Windows 11\n");
    }
}
