package dev.tandem.onnx;

import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The two native libraries, unpacked once under a cache folder and loaded from there. Left alone, ONNX Runtime unpacks
 * 28 MB into a new temporary folder at every start, and the tokenizers unpack into the user's home.
 */
final class Natives {

    /** Part of the folder's name, so that a home can be shared by releases; tests compare both with the libraries. */
    static final String ONNX_VERSION = "1.28.0";

    static final String TOKENIZERS_VERSION = "0.38.0";

    private static final String ONNX_PROPERTY = "onnxruntime.native.path";

    private static boolean tokenizersLoaded;

    private Natives() {}

    /** Points ONNX Runtime's own loader to the unpacked files, unless the user has pointed it somewhere else. */
    static synchronized void prepareOnnxRuntime(Path cacheDir) {
        if (System.getProperty(ONNX_PROPERTY) != null) {
            return;
        }
        Path folder = unpack(
                "/ai/onnxruntime/native/" + platform("x64") + "/",
                List.of(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni")),
                folder(cacheDir, "onnxruntime-" + ONNX_VERSION));
        System.setProperty(ONNX_PROPERTY, folder.toString());
    }

    @SuppressWarnings("restricted") // loading native code is what this does
    static synchronized void loadTokenizers(Path cacheDir) {
        if (tokenizersLoaded) {
            return;
        }
        String library = System.mapLibraryName("tokenizers");
        List<String> libraries = isWindows()
                ? List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", library)
                : List.of(library);
        Path folder = unpack(
                "/native/lib/" + platform("x86_64") + "/cpu/",
                libraries,
                folder(cacheDir, "tokenizers-" + TOKENIZERS_VERSION));
        try {
            libraries.forEach(name -> System.load(folder.resolve(name).toString()));
        } catch (UnsatisfiedLinkError e) {
            throw doNotLoad("The tokenizers", String.valueOf(e.getMessage()), e);
        }
        tokenizersLoaded = true;
    }

    /** What to say when this machine will not have a native library. */
    static Failure doNotLoad(String what, String reason, Throwable cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                what + " cannot be loaded on this machine: " + reason,
                "The encoder runs on 64-bit Linux with glibc, on macOS with Apple silicon and on 64-bit Windows."
                        + " On one of these, check that Tandem's home is not on a file system mounted noexec.",
                cause);
    }

    private static Path unpack(String resources, List<String> libraries, Path folder) {
        for (String library : libraries) {
            if (!Unpacked.exists(resources + library)) {
                var missing = new UnsatisfiedLinkError(resources + library);
                throw doNotLoad("The encoder", "there is no build for " + platform("x64"), missing);
            }
            Unpacked.file(resources + library, folder.resolve(library));
        }
        return folder;
    }

    private static Path folder(Path cacheDir, String name) {
        return cacheDir.toAbsolutePath().resolve("natives").resolve(name);
    }

    /** As both jars name it, but for their word for 64-bit Intel: {@code linux-x64}, {@code linux-x86_64}. */
    private static String platform(String intel) {
        String os = isWindows() ? "win" : isMac() ? "osx" : "linux";
        return os + "-" + (System.getProperty("os.arch", "").startsWith("aarch64") ? "aarch64" : intel);
    }

    private static boolean isWindows() {
        return osName().contains("win") && !isMac();
    }

    private static boolean isMac() {
        return osName().contains("mac") || osName().contains("darwin");
    }

    private static String osName() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    }
}
