package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./tandem} on a checkout where the build is a script that copies a small program: what the launcher builds, when,
 * what it says, and what it hands on.
 */
class LauncherTest {

    private static final Path ROOT =
            Path.of(System.getProperty("tandem.root", "..")).toAbsolutePath().normalize();

    private static final String PROGRAM = """
            package dev.tandem.app;
            public class Main {
                public static void main(String[] args) {
                    System.out.println(String.join("|", args));
                    System.exit(args.length == 0 ? 0 : 5);
                }
            }
            """;

    private static final String PRACTICE = """
            package dev.tandem.app;
            public class Practice {
                public static void main(String[] args) {}
            }
            """;

    record Outcome(int exitCode, String out, String err) {}

    /** With a space in it, as checkouts may have. */
    private Path checkout;

    @BeforeEach
    void aCheckout(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the launcher is a shell script");
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        copy("tandem");
        copy(".mvn/find-jdk.sh");
        for (String module : List.of("core", "onnx", "llm", "parse", "app")) {
            Files.createDirectories(checkout.resolve(module + "/src/main/java"));
            Files.writeString(checkout.resolve(module + "/pom.xml"), "");
        }
        Files.writeString(checkout.resolve("pom.xml"), "");
        Files.writeString(checkout.resolve("core/src/main/java/Some.java"), "");
        Files.writeString(checkout.resolve("core/src/main/java/Other.java"), "");
        makeJar(folder.resolve("prepared.jar"));
        String copy = "cp '" + folder.resolve("prepared.jar") + "' ";
        build("mkdir -p app/target/lib parse/target/lib; " + copy + "app/target/tandem-app.jar; " + copy
                + "app/target/lib/some-library.jar; " + copy + "parse/target/lib/of-the-child.jar");
        makeOld();
    }

    @Test
    void theFirstRunBuildsAndLaterOnesDoNot() throws Exception {
        Outcome first = tandem();
        assertThat(first.err()).isEqualTo("Building Tandem, the first time takes about a minute …\n");
        assertThat(first.out()).isEqualTo("\n");
        assertThat(builds()).isEqualTo(1);
        Outcome second = tandem();
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
        assertThat(checkout.resolve("app/target/tandem/tandem.aot")).isNotEmptyFile();
    }

    @Test
    void argumentsAndTheExitCodePassThroughWhateverTheLocale() throws Exception {
        tandem();
        assertThat(tandem("ask", "two words", "", "größe 😀", "*"))
                .isEqualTo(new Outcome(5, "ask|two words||größe 😀|*\n", ""));
    }

    @Test
    void aChangedAndADeletedSourceAreBuiltAgain() throws Exception {
        tandem();
        Files.writeString(checkout.resolve("core/src/main/java/Some.java"), "changed");
        assertThat(tandem().err()).isEqualTo("Building Tandem …\n");
        assertThat(builds()).isEqualTo(2);
        Files.delete(checkout.resolve("core/src/main/java/Other.java"));
        tandem();
        assertThat(builds()).isEqualTo(3);
        tandem();
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void aBuildThatFailsSaysWhyAndWhereTheLogIs() throws Exception {
        build(
                "echo '[INFO] Building core [1/2]'; echo '[ERROR] Failed to execute goal x: no route to registry'; exit 1");
        Outcome outcome = tandem();
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains("tandem: the build failed: Failed to execute goal x: no route to registry\n")
                .contains("Next: See " + checkout.resolve("target/build.log") + ".");
        assertThat(checkout.resolve("target/build.log")).content().contains("Building core");
        assertThat(checkout.resolve("app/target/tandem.lock")).doesNotExist();
    }

    @Test
    void twoFirstRunsAtOnceBuildOnce() throws Exception {
        List<Process> both = List.of(start(), start());
        for (Process each : both) {
            assertThat(each.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(each.exitValue()).isZero();
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aMachineWithoutTheJdkIsToldWhatToInstall() throws Exception {
        Files.writeString(
                checkout.resolve(".mvn/find-jdk.sh"),
                Files.readString(checkout.resolve(".mvn/find-jdk.sh"))
                        .replace("/usr/lib/jvm", "/nowhere")
                        .replace("/opt/", "/nowhere/")
                        .replace("/Library", "/nowhere"));
        var command = new ProcessBuilder("/bin/sh", checkout.resolve("tandem").toString());
        command.environment().clear();
        command.environment().put("PATH", pathWithoutJava());
        Outcome outcome = outcome(command.start());
        assertThat(outcome.exitCode()).isEqualTo(70);
        assertThat(outcome.err()).contains("no JDK 25 found", "Next: install one");
    }

    private void copy(String file) throws IOException {
        Path target = checkout.resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(ROOT.resolve(file), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** What stands in for Maven: counts its calls, then does as told. */
    private void build(String script) throws IOException {
        Path mvnw = checkout.resolve("mvnw");
        Files.writeString(mvnw, "#!/bin/sh\necho built >>builds\n" + script + "\n");
        assertThat(mvnw.toFile().setExecutable(true)).isTrue();
    }

    /** Sources are usually older than the build by more than the clock's grain. */
    private void makeOld() throws IOException {
        try (var all = Files.walk(checkout)) {
            for (Path each : all.toList()) {
                Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    private int builds() throws IOException {
        return Files.readAllLines(checkout.resolve("builds")).size();
    }

    private Outcome tandem(String... args) throws Exception {
        return outcome(start(args));
    }

    private Process start(String... args) throws IOException {
        var command =
                new ArrayList<>(List.of("/bin/sh", checkout.resolve("tandem").toString()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LC_ALL", "C.UTF-8".equals(System.getenv("LC_ALL")) ? "C.UTF-8" : "");
        return builder.start();
    }

    private static Outcome outcome(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, err);
    }

    private String pathWithoutJava() throws IOException {
        Path tools = Files.createDirectories(checkout.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "sed", "head", "find", "cat", "mkdir")) {
            for (String bin : List.of("/usr/bin/", "/bin/")) {
                if (Files.exists(Path.of(bin + tool)) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), Path.of(bin + tool));
                }
            }
        }
        return tools.toString();
    }

    private static void makeJar(Path jar) throws IOException {
        Path classes = Files.createDirectories(jar.resolveSibling("classes"));
        Path sources = Files.createDirectories(jar.resolveSibling("sources"));
        Path main = Files.writeString(sources.resolve("Main.java"), PROGRAM);
        Path practice = Files.writeString(sources.resolve("Practice.java"), PRACTICE);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), main.toString(), practice.toString()))
                .isZero();
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                out.write(Files.readAllBytes(each));
            }
        }
    }
}
