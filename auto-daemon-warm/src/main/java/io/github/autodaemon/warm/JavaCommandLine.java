package io.github.autodaemon.warm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a tool, {@code java [options] -jar FILE} or {@code java [options] [-cp PATH] CLASS}, with all paths
 * absolute.
 *
 * @param java the JVM, an absolute path
 * @param options the JVM's options
 * @param jar the jar that is run; null for none
 * @param classPath the class path, files only; empty for none
 * @param main the main class
 * @param more options that a JVM takes from the jar's manifest, and another JVM has to be given
 */
record JavaCommandLine(
        Path java, List<String> options, @Nullable Path jar, String classPath, String main, List<String> more) {
    private static final Set<String> WITH_VALUE =
            Set.of("--add-exports", "--add-opens", "--add-reads", "--add-modules", "--limit-modules", "--patch-module");

    /**
     * Reads a command line.
     *
     * @param words begin with {@code java}
     * @param java the JVM; null for the one that the first word names
     * @throws IllegalArgumentException when it is none, or none that can be kept warm; says why
     */
    static JavaCommandLine parse(List<String> words, @Nullable Path java) throws IOException {
        if (words.isEmpty() || !words.get(0).replaceFirst(".*/", "").equals("java")) {
            throw new IllegalArgumentException(
                    "the command of the tool must begin with java, as in `java -jar tool.jar`"
                            + (words.isEmpty() ? "" : ", and not with \"" + words.get(0) + "\""));
        }
        Path runs = java == null ? find(words.get(0)) : java;
        List<String> options = new ArrayList<>();
        Path jar = null;
        String classPath = "";
        int i = 1;
        while (i < words.size() && words.get(i).startsWith("-") && jar == null) {
            String word = words.get(i);
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (word) {
                case "-jar" -> {
                    jar = file(value);
                    i++;
                }
                case "-cp", "-classpath", "--class-path" -> {
                    classPath = classPath(value);
                    i++;
                }
                case "-m", "--module", "-p", "--module-path" ->
                    throw new IllegalArgumentException(
                            word + ": a tool on a module path cannot be kept warm; run it from its jars, with -cp");
                default -> {
                    if (WITH_VALUE.contains(word)) {
                        options.add(word + "=" + value);
                        i++;
                    } else if (word.startsWith("--class-path=")) {
                        classPath = classPath(word.substring("--class-path=".length()));
                    } else {
                        options.add(word);
                    }
                }
            }
            i++;
        }
        if (jar == null && i == words.size()) {
            throw new IllegalArgumentException("the command of the tool names neither a jar (-jar) nor a main class");
        }
        String main = jar == null ? words.get(i++) : "";
        if (main.startsWith("@") || main.endsWith(".java")) {
            throw new IllegalArgumentException(main + ": neither an argument file nor a source file can be kept warm");
        }
        if (i < words.size()) {
            throw new IllegalArgumentException(
                    "\"" + words.get(i) + "\" is an argument of the tool: arguments come with"
                            + " each command, and are none of the tool's");
        }
        return jar == null
                ? new JavaCommandLine(runs, options, null, classPath, main, List.of())
                : ofJar(runs, options, jar);
    }

    private static JavaCommandLine ofJar(Path java, List<String> options, Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes manifest = file.getManifest() == null
                    ? new Attributes()
                    : file.getManifest().getMainAttributes();
            String main = manifest.getValue(Attributes.Name.MAIN_CLASS);
            if (main == null) {
                throw new IllegalArgumentException(jar + " names no Main-Class in its manifest");
            }
            if (manifest.getValue("Launcher-Agent-Class") != null) {
                throw new IllegalArgumentException(jar + " starts an agent of its own, and cannot be kept warm");
            }
            List<String> more = new ArrayList<>();
            for (String what : List.of("exports", "opens")) {
                String packages = manifest.getValue(what.equals("exports") ? "Add-Exports" : "Add-Opens");
                for (String one : (packages == null ? "" : packages).trim().split("\\s+", -1)) {
                    if (!one.isEmpty()) {
                        more.add("--add-" + what + "=" + one + "=ALL-UNNAMED");
                    }
                }
            }
            if (manifest.getValue("Enable-Native-Access") != null) {
                more.add("--enable-native-access=ALL-UNNAMED");
            }
            return new JavaCommandLine(java, options, jar, jar.toString(), main.trim(), more);
        }
    }

    private static Path find(String word) throws IOException {
        if (word.contains("/")) {
            return file(word);
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path java = Path.of(directory, word);
            if (!directory.isEmpty() && Files.isExecutable(java) && Files.isRegularFile(java)) {
                return java.toAbsolutePath();
            }
        }
        throw new IllegalArgumentException("there is no " + word + " on the PATH");
    }

    private static Path file(String name) throws IOException {
        Path file = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        return file;
    }

    private static String classPath(String path) throws IOException {
        List<String> files = new ArrayList<>();
        for (String element : path.split(File.pathSeparator, -1)) {
            if (element.equals("*") || element.endsWith("/*")) {
                Path directory =
                        Path.of(element.substring(0, element.length() - 1)).toAbsolutePath();
                try (Stream<Path> jars = Files.list(directory)) {
                    jars.filter(jar -> jar.toString().endsWith(".jar"))
                            .sorted()
                            .forEach(jar -> files.add(jar.toString()));
                }
            } else if (element.isEmpty() || Files.isDirectory(Path.of(element))) {
                throw new IllegalArgumentException("\"" + element + "\" on the class path is a directory: whether its"
                        + " classes have changed cannot be seen in time; make a jar of them");
            } else {
                files.add(file(element).toString());
            }
        }
        return String.join(File.pathSeparator, files);
    }

    /** How a JVM names what it runs. */
    String shown() {
        return jar == null ? main : jar.toString();
    }

    /** What runs it in its own JVM. */
    List<String> cold() {
        List<String> words = new ArrayList<>(List.of(java.toString()));
        words.addAll(options);
        if (jar != null) {
            words.addAll(List.of("-jar", jar.toString()));
        } else {
            if (!classPath.isEmpty()) {
                words.addAll(List.of("-cp", classPath));
            }
            words.add(main);
        }
        return words;
    }

    /** The options of the daemon's JVM. */
    List<String> daemonOptions() {
        return Stream.concat(options.stream(), more.stream()).toList();
    }
}
