package dev.tandem.app;

import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tunes: a folder of jars beside the program, fetched at the first training that needs it. They see the program's
 * classes; the program sees of them what is a service, and the base model.
 */
final class TuneJars {

    /** The folder; where it is not set, what is on the class path counts. */
    private static final String FOLDER = "tandem.tune";

    private static @Nullable ClassLoader loader;

    private TuneJars() {}

    private static synchronized ClassLoader loader() {
        ClassLoader known = loader;
        if (known == null) {
            String folder = System.getProperty(FOLDER, "");
            ClassLoader own = TuneJars.class.getClassLoader();
            known = folder.isEmpty() ? own : new URLClassLoader("tune", jars(Path.of(folder)), own);
            loader = known;
        }
        return known;
    }

    private static URL[] jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return new URL[0];
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            var urls = new URL[jars.size()];
            for (int i = 0; i < urls.length; i++) {
                urls[i] = jars.get(i).toUri().toURL();
            }
            return urls;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The folder " + folder + " cannot be read: " + e.getMessage() + ".",
                    "Check that you may read it.",
                    e);
        }
    }

    /** @throws Failure MISSING where it was not fetched yet */
    static Trainer trainer() {
        return ServiceLoader.load(Trainer.class, loader())
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "What tunes encoders is not here: it is fetched at the first training that needs it.",
                        "Start the program as ./tandem train classifier --method lora, which fetches it (200 MB)."));
    }

    /** A file that comes with it; null where it was not fetched yet. */
    static @Nullable URL resource(String name) {
        return loader().getResource(name);
    }
}
