package dev.tandem.parse;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.PdfText;
import dev.tandem.parse.child.Bounds;
import dev.tandem.parse.child.Child;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a child is started: with the Java that runs this, on a class path of its own.
 *
 * @param main the class that is started
 */
record ChildCommand(String main, String classPath) {

    /** The child that ships with this module; its libraries are looked for beside it. */
    static ChildCommand standard() {
        Path own = place(ChildCommand.class);
        Path folder = own.getParent() == null ? own : own.getParent();
        // In a build: target/classes or target/tandem-parse.jar, and target/lib. Assembled: lib/tandem-parse.jar, and
        // parse.
        for (Path libraries : List.of(folder.resolve("lib"), folder.resolveSibling("parse"))) {
            if (hasTika(libraries)) {
                return new ChildCommand(
                        Child.class.getName(),
                        String.join(
                                File.pathSeparator,
                                own.toString(),
                                place(PdfText.class).toString(),
                                libraries.resolve("*").toString()));
            }
        }
        return new ChildCommand(Child.class.getName(), "");
    }

    /** The folder or archive that a class comes from. */
    private static Path place(Class<?> of) {
        try {
            return Path.of(
                    of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean hasTika(Path folder) {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "tika-core-*.jar")) {
            return jars.iterator().hasNext();
        } catch (IOException none) {
            return false;
        }
    }

    /** @param folder for temporary files; the child works in it, too */
    ProcessBuilder builder(ParseLimits limits, Ocr ocr, Path folder) {
        if (classPath.isEmpty()) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The libraries that read this format are not beside the program.",
                    "Build Tandem again: ./tandem does, and ./mvnw package.");
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + limits.memoryMegabytes() + "m",
                "-XX:MaxMetaspaceSize=256m",
                "-XX:MaxDirectMemorySize=64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash"),
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + folder,
                "-Djavax.xml.accessExternalDTD=",
                "-Djavax.xml.accessExternalSchema=",
                "-Djavax.xml.accessExternalStylesheet=",
                "-cp",
                classPath,
                main));
        var bounds = new Bounds(
                limits.characters(), limits.depth(), limits.parts(), limits.unpackedMegabytes() * 1_000_000L);
        command.addAll(List.of(bounds.asArgument(), folder.toString(), ocr.command(), ocr.languages()));
        var builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        // Nothing of this program's environment is a document's business; Windows starts no process without the last.
        builder.environment().keySet().retainAll(List.of("PATH", "SystemRoot"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder;
    }
}
